using System.Globalization;
using Kuid.Sysreq.Pipeline.Commands.Remote.Parsing;
using Kuid.Sysreq.Pipeline.Values;
using Kuid.Sysreq.Remote;

namespace Kuid.Sysreq.Pipeline.Commands.Remote;

/// <summary>
/// The users or groups that the remote system has in a file. Those of a directory service are not found: that takes a library on the
/// other side, and there is none.
/// </summary>
internal sealed class AccountNames
{
    private readonly Dictionary<uint, ByteString> _byId = [];
    private readonly Dictionary<ByteString, uint> _byName = [];

    /// <summary>Reads <c>/etc/passwd</c> or <c>/etc/group</c>. A file that cannot be read is reported and has no names.</summary>
    public static async Task<AccountNames> ReadAsync(RemoteStage stage, ByteString path)
    {
        var names = new AccountNames();
        try
        {
            foreach (var account in await stage.ReadLinesAsync(path, Account.Parse))
            {
                // Of several names for a number the first counts, as for getpwuid(3).
                names._byId.TryAdd(account.Id, account.Name);
                names._byName.TryAdd(account.Name, account.Id);
            }
        }
        catch (SysreqException error)
        {
            await stage.ReportAsync(path, error);
        }

        return names;
    }

    /// <summary>The name of a number, or the number as text.</summary>
    public Value NameOf(uint id) => _byId.TryGetValue(id, out var name)
        ? Value.FromBytes(name.Span)
        : new StringValue(id.ToString(CultureInfo.InvariantCulture));

    /// <summary>The number of a name, or null.</summary>
    public uint? IdOf(ByteString name) => _byName.TryGetValue(name, out var id) ? id : null;
}
