using System.Globalization;
using System.Text;
using Kuid.Sysreq.Remote;

namespace Kuid.Sysreq.Pipeline.Evaluation.Expansion;

/// <summary>Whose directory is where, as /etc/passwd of the remote system says; it is read when a tilde first asks.</summary>
internal sealed class HomeDirectories(Func<RemoteSystem> system)
{
    private string[][]? _accounts;

    /// <summary>That of the user whom the server runs as; null when there is none.</summary>
    public async ValueTask<string?> OfServerAsync(CancellationToken cancellation)
    {
        ProcessIds ids = await system().GetIdsAsync(cancellation);
        string id = ids.EffectiveUserId.ToString(CultureInfo.InvariantCulture);
        return (await AccountsAsync(cancellation)).FirstOrDefault(account => account[2] == id)?[5];
    }

    /// <summary>That of a user; null when there is none.</summary>
    public async ValueTask<string?> OfUserAsync(string name, CancellationToken cancellation) =>
        (await AccountsAsync(cancellation)).FirstOrDefault(account => account[0] == name)?[5];

    private async ValueTask<string[][]> AccountsAsync(CancellationToken cancellation)
    {
        if (_accounts is null)
        {
            try
            {
                ReadOnlyMemory<byte> file = await system().ReadFileAsync("/etc/passwd", cancellationToken: cancellation);
                _accounts = [.. Encoding.UTF8.GetString(file.Span).Split('\n').Select(line => line.Split(':')).Where(fields => fields.Length >= 7)];
            }
            catch (SysreqException)
            {
                // A system without accounts has no directories of theirs: the tilde stays one.
                _accounts = [];
            }
        }

        return _accounts;
    }
}
