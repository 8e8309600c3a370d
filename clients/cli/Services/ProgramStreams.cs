using Kuid.Jobd.Core.Descriptors;
using Kuid.Jobd.Core.Native;
using Kuid.Jobd.Core.Processes;
using Kuid.Jobd.Core.Services;

namespace Kuid.Cli.Services;

/// <summary>
/// The standard streams of a framed call's program: pipes, or a terminal of its own. It owns both sides until the program has the
/// one that is its own.
/// </summary>
internal sealed class ProgramStreams : IDisposable
{
    private const byte LineFeed = (byte)'\n';

    private readonly List<IDisposable> _programs = [];
    private readonly List<IDisposable> _own = [];
    private byte _last = LineFeed;

    private ProgramStreams()
    {
    }

    /// <summary>The program's side.</summary>
    internal Stdio Program { get; private set; } = null!;

    /// <summary>What the program writes to its standard output, and to its standard error where the two are one.</summary>
    internal Descriptor Output { get; private set; } = null!;

    /// <summary>What it writes to its standard error; null where that goes with the output.</summary>
    internal Descriptor? Error { get; private set; }

    /// <summary>Whether they are a terminal.</summary>
    internal bool IsTerminal => Program.IsTerminal;

    private Descriptor Input { get; set; } = null!;

    /// <summary>Makes pipes.</summary>
    /// <param name="separate">Whether standard error has one of its own.</param>
    /// <exception cref="NativeException">There are no descriptors left.</exception>
    internal static ProgramStreams OnPipes(Reactor reactor, bool separate) => Make(streams =>
    {
        (SafeFd stdin, SafeFd input) = streams.Take(LibcIo.Pipe());
        (SafeFd stdout, SafeFd output) = streams.Take(Swap(LibcIo.Pipe()));
        streams.Input = streams.Watch(reactor, input, EpollEvents.Out);
        streams.Output = streams.Watch(reactor, output, EpollEvents.In);
        if (!separate)
        {
            streams.Program = new Stdio(stdin, stdout, stdout);
            return;
        }

        (SafeFd stderr, SafeFd error) = streams.Take(Swap(LibcIo.Pipe()));
        streams.Error = streams.Watch(reactor, error, EpollEvents.In);
        streams.Program = new Stdio(stdin, stdout, stderr);
    });

    /// <summary>Makes a terminal.</summary>
    /// <exception cref="NativeException">There are no more terminals, or no descriptors left.</exception>
    internal static ProgramStreams OnTerminal(Reactor reactor, WindowSize size) => Make(streams =>
    {
        (SafeFd slave, SafeFd master) = streams.Take(Swap(LibcTerminal.Open()));
        LibcTerminal.Resize(master, size);
        streams.Input = streams.Output = streams.Watch(reactor, master, EpollEvents.In | EpollEvents.Out);
        streams.Program = new Stdio(slave, slave, slave) { IsTerminal = true };
    });

    /// <summary>The program has its side.</summary>
    internal void LetGo() => _programs.ForEach(end => end.Dispose());

    /// <summary>Gives the terminal another size; pipes have none.</summary>
    internal void Resize(WindowSize size)
    {
        if (IsTerminal)
        {
            LibcTerminal.Resize(Output.Fd, size);
        }
    }

    /// <summary>Writes what the program reads, as fast as it does.</summary>
    /// <exception cref="NativeException">EPIPE when it does not any more.</exception>
    internal ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        _last = bytes.IsEmpty ? _last : bytes.Span[^1];
        return Input.WriteAsync(bytes, cancellation);
    }

    /// <summary>Ends what the program reads. On a terminal that is a key, which within a line only passes on what there is of it.</summary>
    internal async ValueTask EndInputAsync(CancellationToken cancellation)
    {
        if (IsTerminal)
        {
            byte[] keys = _last == LineFeed ? [LibcTerminal.EndOfInput] : [LibcTerminal.EndOfInput, LibcTerminal.EndOfInput];
            await Input.WriteAsync(keys, cancellation);
        }
        else
        {
            Input.Dispose();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        LetGo();
        _own.ForEach(end => end.Dispose());
    }

    private static ProgramStreams Make(Action<ProgramStreams> fill)
    {
        var streams = new ProgramStreams();
        try
        {
            fill(streams);
            return streams;
        }
        catch
        {
            streams.Dispose();
            throw;
        }
    }

    private static (SafeFd Program, SafeFd Own) Swap((SafeFd Own, SafeFd Program) ends) => (ends.Program, ends.Own);

    private (SafeFd Program, SafeFd Own) Take((SafeFd Program, SafeFd Own) ends)
    {
        _programs.Add(ends.Program);
        _own.Add(ends.Own);
        return ends;
    }

    private Descriptor Watch(Reactor reactor, SafeFd end, EpollEvents events)
    {
        LibcIo.MakeNonBlocking(end);
        var watched = new Descriptor(reactor, end, events);

        // In front of its own descriptor, which has to leave epoll before it is closed.
        _own.Insert(0, watched);
        return watched;
    }
}
