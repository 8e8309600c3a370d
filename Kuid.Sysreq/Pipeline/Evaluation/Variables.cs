namespace Kuid.Sysreq.Pipeline.Evaluation;

/// <summary>A variable.</summary>
/// <param name="Value">Its text; null when it is exported and has none yet.</param>
/// <param name="IsExported">Whether remote programs get it.</param>
internal readonly record struct Variable(string? Value, bool IsExported);

/// <summary>The variables of a shell.</summary>
internal sealed class Variables
{
    private readonly Dictionary<string, Variable> _byName;

    /// <summary>Variables that are exported, as an environment is.</summary>
    public Variables(IReadOnlyDictionary<string, string> environment)
        : this(environment.ToDictionary(pair => pair.Key, pair => new Variable(pair.Value, IsExported: true), StringComparer.Ordinal))
    {
    }

    private Variables(Dictionary<string, Variable> byName) => _byName = byName;

    /// <summary>All that have a value, by name.</summary>
    public IEnumerable<KeyValuePair<string, Variable>> All =>
        _byName.Where(pair => pair.Value.Value is not null).OrderBy(pair => pair.Key, StringComparer.Ordinal);

    /// <summary>What remote programs get.</summary>
    public IReadOnlyDictionary<string, string> Exported => _byName
        .Where(pair => pair.Value is { IsExported: true, Value: not null })
        .ToDictionary(pair => pair.Key, pair => pair.Value.Value!, StringComparer.Ordinal);

    /// <summary>A copy: what is changed there is not changed here.</summary>
    public Variables Copy() => new(new Dictionary<string, Variable>(_byName, StringComparer.Ordinal));

    /// <summary>The value of a variable; null when it has none.</summary>
    public string? Get(string name) => _byName.GetValueOrDefault(name).Value;

    /// <summary>Gives a variable a value; it stays exported if it was.</summary>
    public void Set(string name, string value) => _byName[name] = _byName.GetValueOrDefault(name) with { Value = value };

    /// <summary>Makes a variable one that remote programs get, or no longer get.</summary>
    public void Export(string name, bool isExported = true) => _byName[name] = _byName.GetValueOrDefault(name) with { IsExported = isExported };

    /// <summary>Removes a variable.</summary>
    public void Unset(string name) => _byName.Remove(name);

    /// <summary>What there is of a variable, to put it back later; null for none.</summary>
    public Variable? Save(string name) => _byName.TryGetValue(name, out Variable variable) ? variable : null;

    /// <summary>Puts back what was saved.</summary>
    public void Restore(string name, Variable? saved)
    {
        if (saved is { } variable)
        {
            _byName[name] = variable;
        }
        else
        {
            _byName.Remove(name);
        }
    }

    /// <summary>Whether a text can name a variable.</summary>
    public static bool IsName(string text) =>
        text.Length > 0 && (char.IsAsciiLetter(text[0]) || text[0] == '_') && text.All(unit => char.IsAsciiLetterOrDigit(unit) || unit == '_');
}
