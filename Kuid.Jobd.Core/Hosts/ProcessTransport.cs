using System.Text;
using Kuid.Jobd.Core.Processes;
using Kuid.Sysreq.Remote;

namespace Kuid.Jobd.Core.Hosts;

/// <summary>A server at the other end of a command's stdin and stdout, such as <c>ssh host kuid-sysreqd -</c>.</summary>
/// <param name="words">The command and its arguments.</param>
public sealed class ProcessTransport(Spawner spawner, IReadOnlyList<string> words) : ITransport
{
    /// <inheritdoc/>
    public async ValueTask<Stream> OpenAsync(CancellationToken cancellationToken)
    {
        byte[][] argv = [.. words.Select(Encoding.UTF8.GetBytes)];
        try
        {
            ChildProcess process = await spawner.SpawnAsync(new ProcessSpec(argv[0], argv));
            var stream = new ProcessStream(process, words[0]);
            if (!cancellationToken.IsCancellationRequested)
            {
                return stream;
            }

            await stream.DisposeAsync();
            throw new OperationCanceledException(cancellationToken);
        }
        catch (SpawnException e)
        {
            throw new IOException($"exec: {e.Message}", e);
        }
    }
}
