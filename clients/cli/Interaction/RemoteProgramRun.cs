using System.Collections;
using System.IO.Pipes;
using System.Runtime.InteropServices;
using System.Threading.Channels;
using Kuid.Cli.Hosts;
using Kuid.Cli.Streams;
using Kuid.Sysreq.Remote;

namespace Kuid.Cli.Interaction;

/// <summary>
/// <c>!COMMAND</c>: a program on the host that has kuid's terminal. A connection of its own, in the directory of the session, and a
/// terminal there whose other side is the one here: keys go there as they are, Ctrl-C among them, until the program has ended.
/// </summary>
/// <param name="host">Where.</param>
/// <param name="session">Whose directory it begins in.</param>
internal sealed class RemoteProgramRun(Host host, ShellSession session)
{
    private const string UsualPath = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
    private const int LargestPiece = 4096;

    /// <summary>Runs it to its end.</summary>
    /// <param name="command">A line of sh.</param>
    internal async Task RunAsync(string command, CancellationToken cancellation)
    {
        ByteString directory = await (await session.ConnectAsync(cancellation)).System.WorkingDirectoryAsync(cancellation);
        try
        {
            await using SysreqClient client = await SysreqClient.ConnectAsync(host.Programs, cancellationToken: cancellation);
            (int columns, int rows) = Descriptor.Size(Descriptor.Stdout);
            var program = new RemoteProgram
            {
                File = "/bin/sh",
                Arguments = ["sh", "-c", command],
                Environment = [.. Environment()],
                WorkingDirectory = directory,
            };
            await using RemoteTerminal terminal = await RemoteTerminal.StartAsync(new RemoteSystem(client), program, columns, rows, cancellation);
            await RelayAsync(terminal);
            session.Status = StatusOf(await terminal.WaitAsync(cancellation));
        }
        catch (IOException e)
        {
            throw new FailureException(e.Message);
        }
        catch (SysreqException e)
        {
            throw new FailureException($"!{command} cannot be run: {e.Message}");
        }
    }

    private static int StatusOf(int waitStatus) => (waitStatus & 0x7F) is > 0 and int signal ? 128 + signal : (waitStatus >> 8) & 0xFF;

    private static async Task RelayAsync(RemoteTerminal terminal)
    {
        var typed = Channel.CreateUnbounded<byte[]>();
        using var raw = new RawTerminal(keepsOutput: false);
        using PosixSignalRegistration resized = PosixSignalRegistration.Create(PosixSignal.SIGWINCH, _ => typed.Writer.TryWrite([]));
        using var end = new AnonymousPipeServerStream(PipeDirection.Out);
        Task reading = Task.Run(() => ReadKeys(typed.Writer, (int)end.ClientSafePipeHandle.DangerousGetHandle()));
        Task typing = TypeAsync(terminal, typed.Reader);
        try
        {
            await foreach (ReadOnlyMemory<byte> output in terminal.ReadAsync())
            {
                Descriptor.Write(Descriptor.Stdout, output.Span);
            }
        }
        finally
        {
            // The next key is the prompt's.
            end.WriteByte(0);
            await reading;
            await typing;
        }
    }

    private static void ReadKeys(ChannelWriter<byte[]> typed, int end)
    {
        byte[] buffer = new byte[LargestPiece];
        int n;
        while (Descriptor.WaitForInput(Descriptor.Stdin, end) && (n = Descriptor.Read(Descriptor.Stdin, buffer)) > 0)
        {
            typed.TryWrite(buffer[..n]);
        }

        typed.Complete();
    }

    private static async Task TypeAsync(RemoteTerminal terminal, ChannelReader<byte[]> typed)
    {
        try
        {
            await foreach (byte[] bytes in typed.ReadAllAsync())
            {
                if (bytes.Length > 0)
                {
                    await terminal.WriteAsync(bytes);
                }
                else
                {
                    (int columns, int rows) = Descriptor.Size(Descriptor.Stdout);
                    await terminal.ResizeAsync(columns, rows);
                }
            }
        }
        catch (IOException)
        {
            // The connection is lost, which whoever reads from it says.
        }
    }

    // On another machine only what is about this terminal means anything.
    private IEnumerable<ByteString> Environment()
    {
        IEnumerable<(string Name, string Value)> own = System.Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .Select(variable => ((string)variable.Key, (string)variable.Value!));
        return host.IsOwn
            ? own.Select(variable => (ByteString)$"{variable.Name}={variable.Value}")
            : own.Where(variable => variable.Name is "TERM" or "LANG" or "COLORTERM" || variable.Name.StartsWith("LC_", StringComparison.Ordinal))
                .Select(variable => (ByteString)$"{variable.Name}={variable.Value}")
                .Prepend(UsualPath);
    }
}
