using Kuid.Jobd.Core.Services;

namespace Kuid.Jobd.Core.Access;

/// <summary>All that a principal may do: a scope with those it includes, and single services.</summary>
public sealed class ScopeSet
{
    /// <summary>What is allowed, for error messages.</summary>
    public const string Allowed = "read, run, admin and run:SERVICE";

    // What begins the scope that lets one service be called, and nothing else.
    private const string ServicePrefix = "run:";

    private readonly Scope? _widest;
    private readonly HashSet<string> _services;

    private ScopeSet(Scope? widest, HashSet<string> services)
    {
        _widest = widest;
        _services = services;
    }

    /// <summary>Nothing at all.</summary>
    public static ScopeSet None { get; } = new(widest: null, []);

    /// <summary>The scope run with what it includes.</summary>
    public static ScopeSet Running { get; } = new(Scope.Run, []);

    /// <summary>Everything.</summary>
    public static ScopeSet Everything { get; } = new(Scope.Admin, []);

    /// <summary>Whether nothing is allowed.</summary>
    public bool IsEmpty => _widest is null && _services.Count == 0;

    /// <summary>The words, the widest scope alone of those that include each other.</summary>
    public IReadOnlyList<string> Words =>
        [.. _widest is { } scope ? (string[])[WordOf(scope)] : [], .. _services.Order(StringComparer.Ordinal).Select(name => ServicePrefix + name)];

    /// <summary>Reads the words: <c>read</c>, <c>run</c>, <c>admin</c>, <c>run:SERVICE</c>.</summary>
    /// <exception cref="FormatException">One is none of them, or there is none.</exception>
    public static ScopeSet Of(IEnumerable<string> words)
    {
        ArgumentNullException.ThrowIfNull(words);
        ScopeSet all = words.Aggregate(None, (set, word) => set.Or(OfWord(word)));
        return all.IsEmpty ? throw new FormatException($"a scope is missing; {Allowed} are") : all;
    }

    /// <summary>The word of a scope.</summary>
    public static string WordOf(Scope scope) => scope.ToString().ToLowerInvariant();

    /// <summary>Whether a scope is among them.</summary>
    public bool Allows(Scope scope) => _widest >= scope;

    /// <summary>Whether a service may be called: by its own scope, or by run.</summary>
    public bool AllowsService(string name) => Allows(Scope.Run) || _services.Contains(name);

    /// <summary>What either allows.</summary>
    public ScopeSet Or(ScopeSet other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return new ScopeSet(_widest is null || other._widest > _widest ? other._widest : _widest, [.. _services, .. other._services]);
    }

    private static ScopeSet OfWord(string word)
    {
        if (word.StartsWith(ServicePrefix, StringComparison.Ordinal) && ServiceName.IsValid(word.AsSpan(ServicePrefix.Length)))
        {
            return new ScopeSet(widest: null, [word[ServicePrefix.Length..]]);
        }

        return Enum.GetValues<Scope>().Where(scope => WordOf(scope) == word).Select(scope => (Scope?)scope).FirstOrDefault() is { } widest
            ? new ScopeSet(widest, [])
            : throw new FormatException($"\"{word}\" is no scope; {Allowed} are");
    }
}
