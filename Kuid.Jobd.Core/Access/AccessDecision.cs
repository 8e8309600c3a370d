namespace Kuid.Jobd.Core.Access;

/// <summary>What was decided about one request of one principal: a line of the audit log.</summary>
/// <param name="IsAllowed">Whether it may be done.</param>
/// <param name="Door">Where it was asked for.</param>
/// <param name="Principal">Who asked.</param>
/// <param name="Operation">What for, in the door's words; null when the request named none.</param>
/// <param name="Needed">The scope it needs; null for none.</param>
public readonly record struct AccessDecision(bool IsAllowed, string Door, string Principal, string? Operation, Scope? Needed)
{
    /// <summary>The service that was called.</summary>
    public string? Service { get; init; }

    /// <summary>The job that it became, or that it was about.</summary>
    public long? Job { get; init; }

    /// <summary>The HTTP status it was answered with.</summary>
    public int? Status { get; init; }
}

/// <summary>Where decisions are noted.</summary>
public interface IAuditLog
{
    /// <summary>Notes a decision. It never waits and never fails: what cannot be noted is counted.</summary>
    void Write(in AccessDecision decision);
}

/// <summary>Notes nothing.</summary>
public sealed class NoAuditLog : IAuditLog
{
    /// <summary>The one there is.</summary>
    public static NoAuditLog Instance { get; } = new();

    /// <inheritdoc/>
    public void Write(in AccessDecision decision)
    {
        // It was asked for nothing else.
    }
}
