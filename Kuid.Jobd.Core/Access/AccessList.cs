using System.Globalization;

namespace Kuid.Jobd.Core.Access;

/// <summary>What the configuration allows whom: <c>uid:1000=run gid:100=read,run:weather cert:laptop=admin</c>.</summary>
public sealed class AccessList : IEquatable<AccessList>
{
    /// <summary>What begins the name of a certificate's holder.</summary>
    public const string CertificatePrefix = "cert:";

    private const string UserPrefix = "uid:";
    private const string GroupPrefix = "gid:";
    private const string Allowed =
        "PRINCIPAL=SCOPE,SCOPE with uid:NUMBER, gid:NUMBER or cert:NAME and the scopes " + ScopeSet.Allowed;

    private readonly string _text;
    private readonly Dictionary<uint, ScopeSet> _users = [];
    private readonly Dictionary<uint, ScopeSet> _groups = [];
    private readonly Dictionary<string, ScopeSet> _certificates = new(StringComparer.Ordinal);

    private AccessList(string text) => _text = text;

    /// <summary>A list that names nobody.</summary>
    public static AccessList Nobody { get; } = new(string.Empty);

    /// <summary>Reads the entries. Several of one principal add up.</summary>
    /// <exception cref="FormatException">One is none; the message says what is allowed.</exception>
    public static AccessList Of(IEnumerable<string> entries)
    {
        string[] all = [.. entries];
        var list = new AccessList(string.Join(' ', all));
        foreach (string entry in all)
        {
            list.Add(entry);
        }

        return list;
    }

    /// <summary>What a user may do who is named, or whose groups are; null for one who is not.</summary>
    /// <param name="groups">Asks for the groups; only where the list names some.</param>
    public ScopeSet? OfUser(uint userId, Func<IReadOnlyList<uint>>? groups)
    {
        ScopeSet? found = _users.GetValueOrDefault(userId);
        if (_groups.Count > 0 && groups is not null)
        {
            foreach (ScopeSet ofGroup in groups().Select(group => _groups.GetValueOrDefault(group)).OfType<ScopeSet>())
            {
                found = found?.Or(ofGroup) ?? ofGroup;
            }
        }

        return found;
    }

    /// <summary>What the holder of a certificate may do; null for one who is not named.</summary>
    public ScopeSet? OfCertificate(string name) => _certificates.GetValueOrDefault(name);

    /// <inheritdoc/>
    public bool Equals(AccessList? other) => other?._text == _text;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as AccessList);

    /// <inheritdoc/>
    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(_text);

    /// <inheritdoc/>
    public override string ToString() => _text;

    private void Add(string entry)
    {
        int equals = entry.LastIndexOf('=');
        if (equals <= 0)
        {
            throw new FormatException($"allowed: {Allowed}");
        }

        string who = entry[..equals];
        ScopeSet scopes = ScopeSet.Of(entry[(equals + 1)..].Split(','));
        if (who.StartsWith(UserPrefix, StringComparison.Ordinal))
        {
            Add(_users, Number(who[UserPrefix.Length..]), scopes);
        }
        else if (who.StartsWith(GroupPrefix, StringComparison.Ordinal))
        {
            Add(_groups, Number(who[GroupPrefix.Length..]), scopes);
        }
        else if (who.StartsWith(CertificatePrefix, StringComparison.Ordinal) && who.Length > CertificatePrefix.Length)
        {
            Add(_certificates, who[CertificatePrefix.Length..], scopes);
        }
        else
        {
            throw new FormatException($"allowed: {Allowed}");
        }
    }

    private static void Add<T>(Dictionary<T, ScopeSet> to, T who, ScopeSet scopes)
        where T : notnull => to[who] = to.TryGetValue(who, out ScopeSet? before) ? before.Or(scopes) : scopes;

    // The kernel's word for nobody is the largest number.
    private static uint Number(string text) => uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out uint id) && id != uint.MaxValue
        ? id
        : throw new FormatException($"allowed: {Allowed}");
}
