using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using Kuid.Cli.Streams;
using Kuid.Jobd.Core.Services;

namespace Kuid.Cli.Services;

/// <summary>
/// A call as if the service were a program of the shell's own: standard streams, signals, the terminal, the exit code.
/// </summary>
/// <param name="address">Where.</param>
/// <param name="readsStdin">Whether the service gets what comes on standard input; else that is empty.</param>
internal sealed class Caller(ServicesAddress address, bool readsStdin) : IDisposable
{
    private const int LongestLine = 64 * 1024;
    private const byte FirstOfText = 0x20;
    private const string ErrorPrefix = "error: ";

    private readonly SemaphoreSlim _writing = new(1, 1);
    private Socket _socket = null!;
    private RawTerminal? _terminal;
    private PosixSignalRegistration? _resized;

    /// <summary>Calls, and stays until the service's program has ended.</summary>
    /// <param name="variables">For its environment, each <c>NAME=value</c>.</param>
    /// <returns>The exit code, as a shell would have it.</returns>
    /// <exception cref="FailureException">There is no such service, it was refused, the connection was lost.</exception>
    internal async Task<int> RunAsync(string service, IReadOnlyList<string> arguments, IReadOnlyList<string> variables, CancellationToken cancellation)
    {
        byte[] handshake = Handshake.Of(service, arguments);
        _socket = await address.ConnectAsync(cancellation);
        using var interrupts = new Interrupts();
        Task<int> leaving = PassOnAsync(interrupts);
        Task<int> staying = StayAsync([.. handshake, .. Prelude(variables)], cancellation);
        Task<int> first = await Task.WhenAny(staying, leaving);
        if (first == leaving)
        {
            // Nothing that is still on its way keeps the other side from seeing that nobody is here any more.
            _socket.LingerState = new LingerOption(enable: true, seconds: 0);
            _socket.Dispose();
        }

        return await first;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _resized?.Dispose();
        _terminal?.Dispose();
        _socket?.Dispose();
        _writing.Dispose();
    }

    private static IEnumerable<byte> Prelude(IReadOnlyList<string> variables)
    {
        var frames = new List<Frame>();
        if (TerminalSize() is { } size)
        {
            frames.Add(Frame.OfWindow(size));
            if (Environment.GetEnvironmentVariable("TERM") is { Length: > 0 } term)
            {
                frames.Add(Frame.OfText(FrameKind.Env, $"TERM={term}"));
            }
        }

        frames.AddRange(variables.Select(variable => Frame.OfText(FrameKind.Env, variable)));
        return frames.Append(Frame.Empty(FrameKind.Start)).SelectMany(FrameWriter.ToBytes);
    }

    private static WindowSize? TerminalSize()
    {
        int terminal = Descriptor.IsTerminal(Descriptor.Stdin) ? Descriptor.Stdin : Descriptor.Stdout;
        (int columns, int rows) = Descriptor.Size(terminal);
        return columns > 0 && rows > 0 ? new WindowSize((ushort)rows, (ushort)columns) : null;
    }

    private async Task<int> StayAsync(byte[] beginning, CancellationToken cancellation)
    {
        await SendAsync(beginning);
        await using var stream = new BufferedStream(new NetworkStream(_socket), Frame.MaxPayload);
        byte[] buffer = new byte[Frame.MaxPayload];
        try
        {
            _ = await ReadLineAsync(stream, cancellation);
            var reader = new FrameReader(fromCaller: false);
            int n = await stream.ReadAsync(buffer, cancellation);
            if (n > 0 && buffer[0] >= FirstOfText)
            {
                throw new FailureException(await RefusalAsync(stream, buffer.AsMemory(0, n), cancellation));
            }

            for (; n > 0; n = await stream.ReadAsync(buffer, cancellation))
            {
                if (Take(reader, buffer.AsSpan(0, n)) is { } code)
                {
                    return code;
                }
            }
        }
        catch (IOException e)
        {
            throw new FailureException($"the connection to the services at {address} was lost: {e.Message}");
        }
        catch (FormatException e)
        {
            throw new FailureException($"what answers at {address} are no services of kuid's: {e.Message}");
        }

        throw new FailureException($"the connection to the services at {address} was lost");
    }

    private int? Take(FrameReader reader, ReadOnlySpan<byte> bytes)
    {
        while (reader.TryRead(ref bytes, out Frame frame))
        {
            switch (frame.Kind)
            {
                case FrameKind.Out:
                    Descriptor.Write(Descriptor.Stdout, frame.Payload.Span);
                    break;
                case FrameKind.Err:
                    Descriptor.Write(Descriptor.Stderr, frame.Payload.Span);
                    break;
                case FrameKind.Started:
                    Begin(frame.Started().OnTerminal);
                    break;
                case FrameKind.Exit:
                    return ExitCode.Of(frame.Exit());
                default:
                    throw new FailureException(frame.Text(), ExitCode.OfFailedStart(frame.Text()));
            }
        }

        return null;
    }

    private void Begin(bool onTerminal)
    {
        if (onTerminal && readsStdin && Descriptor.IsTerminal(Descriptor.Stdin))
        {
            _terminal = new RawTerminal(keepsOutput: false);
        }

        if (onTerminal && TerminalSize() is not null)
        {
            _resized = PosixSignalRegistration.Create(PosixSignal.SIGWINCH, _ => Resize());
            Resize();
        }

        // Its reads block a thread that nothing waits for at the end.
        _ = Task.Run(FeedAsync);
    }

    private async Task FeedAsync()
    {
        byte[] buffer = new byte[Frame.HeaderBytes + Frame.MaxPayload];
        int n;
        do
        {
            n = readsStdin ? Descriptor.Read(Descriptor.Stdin, buffer.AsSpan(Frame.HeaderBytes)) : 0;
            FrameWriter.WriteHeader(buffer, FrameKind.In, n);
            await SendAsync(buffer.AsMemory(0, Frame.HeaderBytes + n));
        }
        while (n > 0);
    }

    private void Resize()
    {
        if (TerminalSize() is { } size)
        {
            _ = SendAsync(FrameWriter.ToBytes(Frame.OfWindow(size)));
        }
    }

    /// <summary>The first signal is for the program, the second leaves it.</summary>
    private async Task<int> PassOnAsync(Interrupts interrupts)
    {
        bool isFirst = true;
        await foreach (PosixSignal signal in interrupts.ReadAllAsync())
        {
            string name = signal switch { PosixSignal.SIGINT => "INT", PosixSignal.SIGTERM => "TERM", _ => "HUP" };
            if (!isFirst)
            {
                return ExitCode.OfSignal(SignalNumber.Of(name)!.Value);
            }

            // Behind what stands still it would wait for ever, and so would the second one.
            _ = SendAsync(FrameWriter.ToBytes(Frame.OfText(FrameKind.Signal, name)));
            isFirst = false;
        }

        return ExitCode.Failure;
    }

    private async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        await _writing.WaitAsync();
        try
        {
            while (!bytes.IsEmpty)
            {
                bytes = bytes[await _socket.SendAsync(bytes)..];
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Why the other side takes no more is what it says last.
        }
        finally
        {
            _writing.Release();
        }
    }

    private static async Task<string> ReadLineAsync(Stream stream, CancellationToken cancellation)
    {
        var line = new List<byte>();
        byte[] one = new byte[1];
        while (await stream.ReadAsync(one, cancellation) > 0 && one[0] != (byte)'\n')
        {
            if (line.Count == LongestLine)
            {
                throw new FormatException("its first line does not end");
            }

            line.Add(one[0]);
        }

        return Encoding.UTF8.GetString([.. line]);
    }

    private static async Task<string> RefusalAsync(Stream stream, ReadOnlyMemory<byte> beginning, CancellationToken cancellation)
    {
        using var text = new MemoryStream();
        await text.WriteAsync(beginning, cancellation);
        try
        {
            await stream.CopyToAsync(text, cancellation);
        }
        catch (IOException)
        {
            // It has not waited for what was sent behind the name.
        }

        return Encoding.UTF8.GetString(text.ToArray()).Split('\n')[0].TrimEnd('\r') is var line && line.StartsWith(ErrorPrefix, StringComparison.Ordinal)
            ? line[ErrorPrefix.Length..]
            : line;
    }
}
