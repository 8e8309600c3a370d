using Kuid.Sysreq.Remote;

namespace Kuid.Sysreq.Pipeline.Commands.Remote.Parsing;

/// <summary>A line of <c>/etc/passwd</c> (passwd(5)) or <c>/etc/group</c> (group(5)): both begin with a name, a password and a number.</summary>
internal sealed record Account(ByteString Name, uint Id)
{
    /// <summary>Understands a line.</summary>
    public static Parsed<Account> Parse(ReadOnlySpan<byte> line)
    {
        var nameEnd = line.IndexOf((byte)':');
        if (nameEnd < 1)
            return Parsed.Bad<Account>("there is no name", line);

        var rest = line[(nameEnd + 1)..];
        rest = rest[(rest.IndexOf((byte)':') + 1)..];
        var end = rest.IndexOf((byte)':');
        if (end < 1 || !Fields.TryNumber(rest[..end], out ulong id) || id > uint.MaxValue)
            return Parsed.Bad<Account>("there is no number", line);

        return Parsed.Of(new Account(new ByteString(line[..nameEnd].ToArray()), (uint)id));
    }
}
