using System.Buffers;

namespace Kuid.Sysreq.Pipeline.Commands.Remote.Parsing;

/// <summary>
/// How permissions change (chmod(1) of POSIX): an octal number, or clauses such as <c>u+rwX,go-w</c>, applied one after the other.
/// </summary>
internal sealed class ModeChange
{
    /// <summary>What chmod can change.</summary>
    public const uint PermissionBits = 0xFFF;

    private const uint SetUserId = 0x800;
    private const uint SetGroupId = 0x400;
    private const uint Sticky = 0x200;
    private const uint ExecuteBits = 0x49;
    private const uint UserBits = SetUserId | (7 << 6);
    private const uint GroupBits = SetGroupId | (7 << 3);
    private const uint OtherBits = Sticky | 7;

    private static readonly SearchValues<char> PermissionLetters = SearchValues.Create("rwxXst");

    private readonly uint _absolute;
    private readonly IReadOnlyList<Clause>? _clauses;

    private ModeChange(uint absolute, IReadOnlyList<Clause>? clauses) => (_absolute, _clauses) = (absolute, clauses);

    /// <summary>The permissions when they depend on nothing that was there before, else null.</summary>
    public uint? Absolute => _clauses is null ? _absolute : null;

    /// <summary>Whether a clause names nobody: then those of the mask of new files are left alone.</summary>
    public bool NeedsMask => _clauses is not null && _clauses.Any(clause => clause.Who == 0);

    /// <summary>These permissions, whatever was there before.</summary>
    public static ModeChange To(uint bits) => new(bits, null);

    /// <summary>Understands a change; null when it is none.</summary>
    public static ModeChange? Parse(ReadOnlySpan<char> text)
    {
        if (!text.IsEmpty && !text.ContainsAnyExceptInRange('0', '7'))
        {
            return text.Length <= 5 && Convert.ToUInt32(text.ToString(), 8) is var bits and <= PermissionBits
                ? To(bits)
                : null;
        }

        var parsed = new List<Clause>();
        foreach (var range in text.Split(','))
        {
            if (!TryParseClause(text[range], parsed))
                return null;
        }

        return new ModeChange(0, parsed);
    }

    /// <summary>The permissions that a file with these gets.</summary>
    /// <param name="mode">The mode as it is, with its type.</param>
    /// <param name="isDirectory">
    /// A directory's <c>X</c> is always <c>x</c>, and <c>=</c> without an <c>s</c> leaves its set-id bits alone: they say how what is
    /// made inside is owned.
    /// </param>
    /// <param name="mask">The mask of new files' permissions.</param>
    public uint Apply(uint mode, bool isDirectory, uint mask)
    {
        var bits = mode & PermissionBits;
        if (_clauses is null)
            return _absolute;

        foreach (var clause in _clauses)
        {
            var who = clause.Who == 0 ? PermissionBits & ~mask : clause.Who;
            var given = clause.Bits(bits, isDirectory) & who;
            bits = clause.Operator switch
            {
                '+' => bits | given,
                '-' => bits & ~given,
                _ => (bits & ~clause.Cleared(isDirectory)) | given,
            };
        }

        return bits;
    }

    private static bool TryParseClause(ReadOnlySpan<char> text, List<Clause> parsed)
    {
        var who = 0u;
        for (; !text.IsEmpty && WhoBits(text[0]) is > 0 and var bits; text = text[1..])
            who |= bits;

        if (text.IsEmpty)
            return false;

        while (!text.IsEmpty)
        {
            var operation = text[0];
            if (operation is not ('+' or '-' or '='))
                return false;

            var end = text[1..].IndexOfAny('+', '-', '=');
            var permissions = end < 0 ? text[1..] : text[1..(end + 1)];
            text = end < 0 ? default : text[(end + 1)..];
            var copies = permissions is "u" or "g" or "o";
            if (!copies && permissions.ContainsAnyExcept(PermissionLetters))
                return false;

            parsed.Add(new Clause(who, operation, permissions.ToString()));
        }

        return true;
    }

    private static uint WhoBits(char who) => who switch
    {
        'u' => UserBits,
        'g' => GroupBits,
        'o' => OtherBits,
        'a' => PermissionBits,
        _ => 0,
    };

    private sealed record Clause(uint Who, char Operator, string Permissions)
    {
        /// <summary>What <c>=</c> takes away before it gives.</summary>
        public uint Cleared(bool isDirectory) =>
            (Who == 0 ? PermissionBits : Who) & ~(isDirectory && !Permissions.Contains('s') ? SetUserId | SetGroupId : 0);

        /// <summary>The bits that it is about, for everybody; those of whom it is not about are masked afterwards.</summary>
        public uint Bits(uint mode, bool isDirectory)
        {
            switch (Permissions)
            {
                case "u":
                    return Everybody(mode >> 6);
                case "g":
                    return Everybody(mode >> 3);
                case "o":
                    return Everybody(mode);
            }

            return Permissions.Aggregate(0u, (bits, permission) => bits | permission switch
            {
                'r' => 4u * ExecuteBits,
                'w' => 2u * ExecuteBits,
                'x' => ExecuteBits,
                'X' => isDirectory || (mode & ExecuteBits) != 0 ? ExecuteBits : 0,
                's' => SetUserId | SetGroupId,
                // The sticky bit counts among those of others.
                _ => Sticky,
            });
        }

        private static uint Everybody(uint bits) => (bits & 7) * ExecuteBits;
    }
}
