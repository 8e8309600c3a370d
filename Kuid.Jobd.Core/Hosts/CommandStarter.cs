using System.Text;
using Kuid.Jobd.Core.Processes;
using Kuid.Sysreq.Remote;

namespace Kuid.Jobd.Core.Hosts;

/// <summary>Starts the commands of <c>exec:</c> hosts as jobs are started: in a session of their own, on pipes.</summary>
public sealed class CommandStarter(Spawner spawner) : ICommandStarter
{
    /// <inheritdoc/>
    public async ValueTask<Stream> StartAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        cancellationToken.ThrowIfCancellationRequested();
        byte[][] argv = [.. arguments.Select(Encoding.UTF8.GetBytes)];
        try
        {
            return new ProcessStream(await spawner.SpawnAsync(new ProcessSpec(argv[0], argv)), arguments[0]);
        }
        catch (SpawnException e)
        {
            throw new IOException($"exec: {e.Message}", e);
        }
    }
}
