using System.Text;
using System.Threading.Channels;
using Kuid.Cli.Services;
using Kuid.Jobd.Core.Descriptors;
using Kuid.Jobd.Core.Native;
using Kuid.Jobd.Core.Processes;
using Kuid.Jobd.Core.Services;

namespace Kuid.Cli.Tests.Services;

/// <summary>One call of a service that is a script, with the caller's end of the socket and what the superserver hears.</summary>
internal sealed class CallHarness : IDisposable
{
    private readonly Reactor _reactor = new();
    private readonly Spawner _spawner;
    private readonly TempFolder _folder = new();
    private readonly Channel<RegistryMessage> _reports = Channel.CreateUnbounded<RegistryMessage>();
    private FrameChannel? _frames;

    internal CallHarness() => _spawner = new Spawner(_reactor, InheritedEnvironment.OfThisProcess());

    /// <summary>The caller's end.</summary>
    internal Descriptor Caller { get; private set; } = null!;

    /// <summary>The wish that the call ends.</summary>
    internal CallEnding Ending { get; } = new();

    /// <summary>The call, when it is over.</summary>
    internal Task Run { get; private set; } = Task.CompletedTask;

    /// <summary>The caller's end as frames.</summary>
    internal FrameChannel Frames => _frames ??= new FrameChannel(Caller, fromCaller: false);

    /// <summary>A file of the test's own.</summary>
    internal string this[string name] => _folder[name];

    /// <summary>Begins the call.</summary>
    internal void Begin(
        string script, bool framed, ServiceDefinition? definition = null, string[]? arguments = null, SafeFd? callee = null, SafeFd? caller = null)
    {
        File.WriteAllText(_folder["program"], script);
        File.SetUnixFileMode(_folder["program"], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        if (callee is null)
        {
            (caller, callee) = LibcSocket.Pair();
        }

        Caller = new Descriptor(_reactor, caller!, EpollEvents.In | EpollEvents.Out);
        var service = new AdvertisedService(definition ?? new ServiceDefinition { Name = "s" }, _folder["program"]);
        var call = new CallRequest(7, "s", framed, "tcp", "ann", [.. (arguments ?? []).Select(Encoding.UTF8.GetBytes)]);
        var report = new CallReport(7, message => _reports.Writer.WriteAsync(message).AsTask());
        Run = framed
            ? new FramedRun(_spawner, _reactor, TimeProvider.System).RunAsync(call, service, callee, report, Ending)
            : new PlainRun(_spawner, _reactor, TimeProvider.System).RunAsync(call, service, callee, report, Ending);
    }

    /// <summary>The next thing that the superserver hears.</summary>
    internal async Task<string> Report()
    {
        RegistryMessage message = await _reports.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromMinutes(1));
        return $"{message.Verb} {string.Join(' ', message.From(0).Select(Encoding.UTF8.GetString))}";
    }

    /// <summary>What the caller reads to the end.</summary>
    internal async Task<string> ReadAll()
    {
        var all = new MemoryStream();
        byte[] buffer = new byte[65536];
        int n;
        while ((n = await Caller.ReadAsync(buffer).AsTask().WaitAsync(TimeSpan.FromMinutes(1))) > 0)
        {
            all.Write(buffer, 0, n);
        }

        return Encoding.UTF8.GetString(all.ToArray());
    }

    /// <summary>The caller writes.</summary>
    internal Task Write(string text) => Caller.WriteAsync(Encoding.UTF8.GetBytes(text)).AsTask();

    /// <summary>The caller sends a frame of text.</summary>
    internal Task Send(FrameKind kind, string text = "") => Frames.WriteAsync(Frame.OfText(kind, text));

    /// <summary>Reads frames until what came of one kind has a text, or its end comes.</summary>
    /// <returns>All that came of the kind.</returns>
    internal async Task<string> Until(string text, FrameKind kind = FrameKind.Out)
    {
        string seen = string.Empty;
        while (!seen.Contains(text, StringComparison.Ordinal))
        {
            Frame frame = await Next() ?? throw new InvalidOperationException($"the frames end, and before were \"{seen}\"");
            seen += frame.Kind == kind ? frame.Text() : frame.Kind is FrameKind.Exit or FrameKind.Error
                ? throw new InvalidOperationException($"it ended, {frame.Kind} {frame.Text()}, and before was \"{seen}\"")
                : string.Empty;
        }

        return seen;
    }

    /// <summary>Reads all frames: what was written to both streams, and how it ended.</summary>
    internal async Task<(string Out, string Err, string End)> All()
    {
        string[] streams = [string.Empty, string.Empty];
        string end = "no end";
        while (await Next() is { } frame)
        {
            switch (frame.Kind)
            {
                case FrameKind.Out or FrameKind.Err:
                    streams[frame.Kind - FrameKind.Out] += frame.Text();
                    break;
                case FrameKind.Exit:
                    end = new WaitStatus(frame.Exit()).ToString();
                    break;
                case FrameKind.Error:
                    end = "error: " + frame.Text();
                    break;
            }
        }

        return (streams[0], streams[1], end);
    }

    internal async Task<Frame?> Next() => await Frames.ReadAsync().AsTask().WaitAsync(TimeSpan.FromMinutes(1));

    public void Dispose()
    {
        Ending.Hurry();
        Caller?.Dispose();
        Run.ContinueWith(_ => { }, TaskScheduler.Default).Wait(TimeSpan.FromSeconds(30));
        _frames?.Dispose();
        _spawner.Dispose();
        _reactor.Dispose();
        _folder.Dispose();
    }
}
