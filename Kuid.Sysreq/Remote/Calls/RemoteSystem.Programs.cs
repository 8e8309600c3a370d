using System.Runtime.CompilerServices;
using System.Text;

namespace Kuid.Sysreq.Remote;

public sealed partial class RemoteSystem
{
    private const string DefaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
    private const uint AnyExecuteBit = 0x49;
    private const int SigPipe = 13;
    private const int SignalIgnored = 1;
    private const int SignalActionLength = 32;
    private const int SignalSetLength = 8;

    /// <summary>
    /// Runs a program beside the server and gives its output as it comes, its end last. Leaving the loop early, or cancelling it, kills the
    /// program and its session. The connection serves others in between, with pauses of a tenth of a second.
    /// </summary>
    /// <exception cref="SysreqException">It cannot be started; the call that failed says why.</exception>
    public async IAsyncEnumerable<ProgramOutput> RunAsync(
        RemoteProgram program, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(program);
        if (Client.Options.Programs is { } elsewhere)
        {
            await using var other = await SysreqClient.ConnectAsync(elsewhere, Client.Options with { Programs = null }, cancellationToken);
            var here = program with { WorkingDirectory = program.WorkingDirectory ?? await WorkingDirectoryAsync(cancellationToken) };
            await foreach (var output in new RemoteSystem(other).RunAsync(here, cancellationToken))
                yield return output;

            yield break;
        }

        var file = await FindProgramAsync(program, cancellationToken);
        if (program.Input is not null)
            await IgnoreBrokenPipesAsync(cancellationToken);

        var pipes = await ProgramPipes.CreateAsync(Client, cancellationToken);
        ProgramPump? pump = null;
        try
        {
            var theirs = pipes.Theirs;
            var pid = await new ProgramStarter(Client).StartAsync(program, file, theirs[0], theirs[1], theirs[2], cancellationToken);
            pump = new ProgramPump(Client, program, pipes, pid);
            await pipes.CloseAsync(theirs);
            await foreach (var output in pump.RunAsync(cancellationToken))
                yield return output;
        }
        finally
        {
            if (pump is not null)
                await pump.EndAsync();

            await pipes.CloseAsync();
        }
    }

    /// <summary>
    /// Turns the server into a program: the connection becomes its stdin, stdout and stderr, and its end is the program's end. The client
    /// is used up. What can be known before is checked before and leaves the client as it was; an execve that fails nevertheless is
    /// thrown by the first read.
    /// </summary>
    public async Task<Stream> BecomeAsync(RemoteProgram program, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(program);
        var file = await FindProgramAsync(program, cancellationToken);
        await AccessAsync(file, AccessMode.Execute, cancellationToken);
        await new ProgramStarter(Client).ReplaceAsync(program, file, cancellationToken);
        return new BecomingStream(await Client.ReleaseStreamAsync(), file.ToString());
    }

    /// <summary>The file itself, or the first of its name along PATH.</summary>
    internal async Task<ByteString> FindProgramAsync(RemoteProgram program, CancellationToken cancellationToken)
    {
        if (program.File.Span.Contains((byte)'/'))
            return program.File;

        var prefix = "PATH="u8.ToArray();
        var setting = program.Environment.LastOrDefault(entry => entry.Span.StartsWith(prefix));
        var folders = setting.IsEmpty ? Encoding.UTF8.GetBytes(DefaultPath) : setting.Memory[prefix.Length..];
        var candidates = new List<ByteString>();
        foreach (var range in SplitAtColons(folders))
            candidates.Add((range.IsEmpty ? "." : new ByteString(range)).Join(program.File));

        var found = await StatAllAsync(candidates, followLinks: true, cancellationToken);
        for (var i = 0; i < candidates.Count; i++)
        {
            if (found[i].Succeeded && found[i].Value.Kind == FileKind.Regular && (found[i].Value.Mode & AnyExecuteBit) != 0)
                return candidates[i];
        }

        throw new SysreqException(_calls.ExecVe.Name, Quoted(program.File), Errno.ENOENT);
    }

    private static IEnumerable<ReadOnlyMemory<byte>> SplitAtColons(ReadOnlyMemory<byte> list)
    {
        while (list.Span.IndexOf((byte)':') is >= 0 and var colon)
        {
            yield return list[..colon];
            list = list[(colon + 1)..];
        }

        yield return list;
    }

    /// <summary>A program that does not read its input must not end the server that writes it.</summary>
    private async Task IgnoreBrokenPipesAsync(CancellationToken cancellationToken)
    {
        var action = new byte[SignalActionLength];
        action[0] = SignalIgnored;
        await CallAsync(_calls.SigAction, action, address => [SigPipe, address, 0, SignalSetLength], "SIGPIPE", cancellationToken);
    }
}
