namespace Kuid.Cli.Tests.Services;

/// <summary><c>kuid call</c> on a terminal of tmux's, with a service that fills the screen as top(1) does.</summary>
public sealed class TerminalCallSpecs
{
    // It draws when it begins, when the terminal has another size, and at every key.
    private const string Top =
        """
        #!/bin/bash
        draw() { clear; echo "top of $(stty size), $TERM, $1"; }
        trap 'draw resized' WINCH
        trap 'stty sane; echo interrupted; exit 42' INT
        stty -echo -icanon
        draw begun
        while :; do
          if read -r -n 1 -t 1 key; then draw "key $key"; fi
          [ "$key" != q ] || { stty sane; exit 3; }
        done
        """;

    [Fact]
    public async Task A_program_that_fills_the_screen_has_the_terminal_its_size_its_name_and_every_key()
    {
        Assert.SkipWhen(Tmux.Missing is not null, Tmux.Missing ?? string.Empty);
        await using Host host = await Host.Start(Top, "pty = true\n");

        await using Tmux tmux = await Tmux.Start($"TERM=screen {host.Call}", width: 70, height: 20);
        await tmux.Shows("top of 20 70, screen, begun");
        await tmux.Resize(90, 30);
        await tmux.Shows("top of 30 90, screen, resized");
        await tmux.Type("x");
        await tmux.Shows("top of 30 90, screen, key x");
        await tmux.Type("q");

        (await tmux.Ends()).Should().Be(3);
    }

    [Fact]
    public async Task Ctrl_C_is_the_programs_and_the_terminal_is_as_before_when_it_has_ended()
    {
        Assert.SkipWhen(Tmux.Missing is not null, Tmux.Missing ?? string.Empty);
        await using Host host = await Host.Start(Top, "pty = true\n");

        await using Tmux tmux = await Tmux.Start($"stty -a > '{host.Folder["before"]}'; {host.Call}; code=$?; stty -a > '{host.Folder["after"]}'; (exit $code)");
        await tmux.Shows("begun");
        await tmux.Press("C-c");

        (await tmux.Ends()).Should().Be(42);
        (await File.ReadAllTextAsync(host.Folder["after"], TestContext.Current.CancellationToken))
            .Should().Be(await File.ReadAllTextAsync(host.Folder["before"], TestContext.Current.CancellationToken)).And.Contain("icanon");
    }

    [Fact]
    public async Task Without_a_terminal_of_its_own_Ctrl_C_is_a_signal_and_standard_error_goes_its_own_way()
    {
        Assert.SkipWhen(Tmux.Missing is not null, Tmux.Missing ?? string.Empty);
        await using Host host = await Host.Start(
            "#!/bin/bash\ntrap 'echo trouble >&2; exit 42' INT\ntest -t 1 || echo 'no terminal' \nwhile :; do sleep 0.05; done\n", "stderr = separate\n");

        await using Tmux tmux = await Tmux.Start($"{host.Call} 2> '{host.Folder["err"]}'");
        await tmux.Shows("no terminal");
        await tmux.Press("C-c");

        (await tmux.Ends()).Should().Be(42);
        (await File.ReadAllTextAsync(host.Folder["err"], TestContext.Current.CancellationToken)).Should().Be("trouble\n");
        (await tmux.Screen()).Should().NotContain("trouble");
    }

    [Fact]
    public async Task A_second_Ctrl_C_leaves_a_program_that_does_not_listen_and_that_one_is_ended()
    {
        Assert.SkipWhen(Tmux.Missing is not null, Tmux.Missing ?? string.Empty);
        using var gone = new TempFolder();
        await using Host host = await Host.Start(
            $"#!/bin/bash\nexec 2>/dev/null\ntrap 'echo again' INT\ntrap 'touch {gone["ended"]}; exit' HUP TERM\necho ready\nwhile :; do sleep 0.05; done\n", string.Empty);

        await using Tmux tmux = await Tmux.Start(host.Call);
        await tmux.Shows("ready");
        await tmux.Press("C-c");
        await tmux.Shows("again");
        await tmux.Press("C-c");

        (await tmux.Ends()).Should().Be(128 + 2);
        await Eventually.Holds(() => File.Exists(gone["ended"]), "the program has been told");
    }

    /// <summary>A daemon, and a subserver that offers one program as <c>top</c>.</summary>
    private sealed class Host(TestDaemon daemon, AdvertiseCommand subserver) : IAsyncDisposable
    {
        internal TempFolder Folder => daemon.Folder;

        internal string Call => $"'{KuidCommand.Program}' call --services '{Folder["services"]}' top";

        public async ValueTask DisposeAsync()
        {
            await subserver.DisposeAsync();
            await daemon.DisposeAsync();

            // The daemon does not own it.
            Folder.Dispose();
        }

        internal static async Task<Host> Start(string script, string settings)
        {
            var folder = new TempFolder();
            TestDaemon daemon = await TestDaemon.Start(["--services", folder["services"]], folder: folder);
            AdvertiseCommand subserver = AdvertiseCommand.Start(
                daemon.Folder, daemon.Folder["data/registry.sock"], $"[top]\npath = {AdvertiseCommand.Program(daemon.Folder, "top", script)}\n{settings}");
            await subserver.Says("top is offered");
            return new Host(daemon, subserver);
        }
    }
}
