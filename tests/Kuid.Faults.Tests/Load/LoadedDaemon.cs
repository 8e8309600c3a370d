namespace Kuid.Faults.Tests.Load;

/// <summary>
/// A daemon with all of its doors open: sockproc on a Unix socket and on a port, HTTP, a service, coprocesses; and a folder for what
/// jobs write that is not its data folder.
/// </summary>
internal sealed class LoadedDaemon : IAsyncDisposable
{
    // Listens on a port and becomes what follows, with the socket as descriptor 3 (sd_listen_fds(3)).
    private const string PortThenExec = """
        import os, socket, sys
        s = socket.socket(socket.AF_INET)
        s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        s.bind(("127.0.0.1", int(sys.argv[1])))
        s.listen(1000)
        fd = os.dup2(s.fileno(), 100, inheritable=True)
        os.dup2(fd, 3)
        os.close(fd)
        os.environ["LISTEN_FDS"] = "1"
        os.environ["LISTEN_PID"] = str(os.getpid())
        os.execvp(sys.argv[2], sys.argv[2:])
        """;

    private readonly TempFolder _folder;
    private ObligingSubserver? _subserver;

    private LoadedDaemon(TempFolder folder, TestDaemon daemon, string port)
    {
        (_folder, Daemon, Port) = (folder, daemon, port);
        Http = UnixHttp.ClientOf(HttpSocket);
    }

    internal TestDaemon Daemon { get; }

    /// <summary>The sockproc door's port.</summary>
    internal string Port { get; }

    /// <summary>A client of the HTTP door, for any number of requests at once.</summary>
    internal HttpClient Http { get; }

    internal string CoprocessSocket => _folder["c"];

    internal string HttpSocket => _folder["h"];

    /// <summary>The data folder as this process sees it: the daemon may have mounted something there for itself.</summary>
    internal string Data => $"/proc/{Daemon.Pid}/root{_folder["data"]}";

    /// <summary>Starts it.</summary>
    /// <param name="options">More words for its command line.</param>
    /// <param name="wrapper">Words in front.</param>
    internal static async Task<LoadedDaemon> Start(IEnumerable<string>? options = null, IReadOnlyList<string>? wrapper = null)
    {
        var folder = new TempFolder();
        string port = TestDaemon.FreePort();
        try
        {
            TestDaemon daemon = await TestDaemon.Start(
                [
                    "--http-socket", folder["h"], "--coprocess-socket", folder["c"], "--services-registry", folder["r"], .. options ?? [],
                ],
                wrapper: [.. wrapper ?? [], "python3", "-c", PortThenExec, port],
                folder: folder);
            var loaded = new LoadedDaemon(folder, daemon, port);
            loaded._subserver = await ObligingSubserver.Start(folder["r"]);
            return loaded;
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await (_subserver?.DisposeAsync() ?? default);
        Http.Dispose();
        await Daemon.DisposeAsync();
        _folder.Dispose();
    }
}
