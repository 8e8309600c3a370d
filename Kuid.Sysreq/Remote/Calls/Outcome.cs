namespace Kuid.Sysreq.Remote;

/// <summary>What became of one call of many: a value or an error, never both.</summary>
public readonly struct Outcome<T>
{
    private readonly T _value;

    /// <summary>A call that succeeded.</summary>
    public Outcome(T value)
    {
        this._value = value;
        Error = null;
    }

    /// <summary>A call that failed.</summary>
    public Outcome(SysreqException error)
    {
        _value = default!;
        Error = error;
    }

    /// <summary>Why it failed, else null.</summary>
    public SysreqException? Error { get; }

    /// <summary>Whether there is a value.</summary>
    public bool Succeeded => Error is null;

    /// <summary>The value; reading it after a failure throws the error.</summary>
    public T Value => Error is null ? _value : throw Error;
}
