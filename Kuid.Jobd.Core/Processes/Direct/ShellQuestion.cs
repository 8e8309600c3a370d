using Kuid.Jobd.Core.Descriptors;

namespace Kuid.Jobd.Core.Processes.Direct;

/// <summary>What a shell says and does when it is given a command of the daemon's own.</summary>
/// <param name="Status">How the shell ended.</param>
internal sealed record ShellAnswer(WaitStatus Status, byte[] Stdout, byte[] Stderr)
{
    /// <summary>What it wrote to stdout, when that was all it had to say.</summary>
    internal byte[]? Text => Status.Succeeded && Stderr.Length == 0 ? Stdout : null;
}

/// <summary>Asks the shell of a job something by running it, as the job would run.</summary>
internal static class ShellQuestion
{
    // An environment has at most a quarter of an eighth of the stack's limit, 2 MiB as a rule (execve(2)).
    private const int MostBytes = 4 * 1024 * 1024;

    // A file system that does not answer is no reason to leave a process behind.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>Runs the shell.</summary>
    /// <returns>Null when it cannot be had or has not answered in time.</returns>
    internal static async Task<ShellAnswer?> AskAsync(Spawner spawner, ProcessSpec shell, byte[] command)
    {
        using var late = new CancellationTokenSource(Patience);
        try
        {
            using PipedProcess child = await spawner.SpawnUncountedAsync(shell.WithCommand(command));
            child.Stdin.Dispose();
            try
            {
                byte[][] said = await Task.WhenAll(ReadAsync(child.Stdout, late.Token), ReadAsync(child.Stderr, late.Token));
                await child.Exited.WaitAsync(late.Token);
                (WaitStatus status, _) = await child.ReapAsync(TimeProvider.System);
                return new ShellAnswer(status, said[0], said[1]);
            }
            catch (Exception e) when (e is OperationCanceledException or IOException)
            {
                await child.KillTreeAsync();
                await child.ReapAsync(TimeProvider.System);
                return null;
            }
        }
        catch (SpawnException)
        {
            return null;
        }
    }

    private static async Task<byte[]> ReadAsync(Descriptor pipe, CancellationToken late)
    {
        using var said = new MemoryStream();
        byte[] buffer = new byte[16 * 1024];
        int n;
        while ((n = pipe.TryRead(buffer)) != 0)
        {
            if (n < 0)
            {
                await pipe.ReadableAsync(late);
                continue;
            }

            said.Write(buffer, 0, n);
            if (said.Length > MostBytes)
            {
                throw new IOException("the shell does not stop talking");
            }
        }

        return said.ToArray();
    }
}
