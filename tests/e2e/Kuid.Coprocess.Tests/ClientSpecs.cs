using System.Text.Json;
using Kuid.Client.Coprocess;
using Microsoft.Win32.SafeHandles;

namespace Kuid.Coprocess.Tests;

/// <summary>The clients of this repository, and the examples in their READMEs.</summary>
public sealed class ClientSpecs : IAsyncLifetime
{
    private const string ShownByTheExample = """
        hello from /
        it exited with 3
        its status is 1
        it read: one line
        ['/usr/local/'] /usr

        """;

    private CoprocessDaemon _daemon = null!;

    public async ValueTask InitializeAsync() => _daemon = await CoprocessDaemon.Start();

    [Fact]
    public async Task The_example_in_Python_is_what_its_README_shows_and_does_what_it_says()
    {
        Assert.SkipUnless(ToolRun.Exists("python3"), "python3 is not installed");
        string example = Repository.File("clients/python/coprocess_example.py");
        string log = _daemon.Daemon.Folder["log"];
        (await File.ReadAllTextAsync(Repository.File("clients/python/README.md"), TestContext.Current.CancellationToken))
            .Should().Contain(await File.ReadAllTextAsync(example, TestContext.Current.CancellationToken));

        ToolRun run = await ToolRun.Of(
            "python3", [example, log], environment: new Dictionary<string, string?>(StringComparer.Ordinal) { ["KUID_COPROCESS_SOCKET"] = _daemon.Socket });

        (run.ExitCode, run.Stderr).Should().Be((0, ""));
        run.Text.Should().Be(ShownByTheExample);
        (await File.ReadAllTextAsync(log, TestContext.Current.CancellationToken)).Should().Be("kept kept\n/usr\n");
    }

    [Fact]
    public async Task The_example_in_C_sharp_is_what_its_README_shows_and_does_what_it_says()
    {
        string example = Repository.File("clients/csharp/coprocess.cs");
        (await File.ReadAllTextAsync(Repository.File("clients/csharp/README.md"), TestContext.Current.CancellationToken))
            .Should().Contain(await File.ReadAllTextAsync(example, TestContext.Current.CancellationToken));

        ToolRun run = await ToolRun.Of(
            "dotnet", ["run", "-c", "Release", "--file", example, "--", _daemon.Socket], limit: TimeSpan.FromMinutes(5));

        run.Text.Should().Be("hello\nit exited with 3\nkept in /usr\n", "{0}", run.Stderr);
    }

    [Fact]
    public async Task In_C_sharp_programs_and_texts_run_on_handles()
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        string log = _daemon.Daemon.Folder["log"];
        using SafeFileHandle none = File.OpenHandle("/dev/null", FileMode.Open, FileAccess.ReadWrite);
        using SafeFileHandle file = File.OpenHandle(log, FileMode.CreateNew, FileAccess.Write, FileShare.ReadWrite);
        using CoprocessSession session = await CoprocessSession.OpenAsync(_daemon.Socket, cancellation);
        var stdio = new CoprocessStdio(none, file, file);

        await session.SetVariableAsync("GREETING", "hello", cancellation);
        await session.ChangeDirectoryAsync("/usr", cancellation);
        (await session.RunAsync(["sh", "-c", "echo $GREETING from $PWD; exit 3"], stdio, cancellation)).Should().Be(3 << 8);
        (await session.EvaluateAsync("cd /; twice() { echo $1 $1; }; x=kept", stdio, cancellation)).Should().Be(0);
        (await session.EvaluateAsync("twice $x; false", stdio, cancellation)).Should().Be(1);
        JsonElement state = await session.DumpAsync(cancellation);
        IReadOnlyList<string> completions = await session.CompleteAsync("ls /usr/loc", cancellation);

        (await File.ReadAllTextAsync(log, cancellation)).Should().Be("hello from /usr\nkept kept\n");
        (state.GetProperty("cwd").GetString(), state.GetProperty("status").GetInt32()).Should().Be(("/", 1));
        completions.Should().Equal("/usr/local/");
        ProcessTable.IsAlive(await session.GetPidAsync(cancellation)).Should().BeTrue();
    }

    [Fact]
    public async Task In_C_sharp_a_refusal_is_an_exception_that_the_session_survives_and_its_end_another()
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        using SafeFileHandle none = File.OpenHandle("/dev/null", FileMode.Open, FileAccess.ReadWrite);
        using CoprocessSession session = await CoprocessSession.OpenAsync(_daemon.Socket, cancellation);
        var stdio = new CoprocessStdio(none, none, none);

        Func<Task> enter = () => session.ChangeDirectoryAsync("/nonexistent", cancellation);
        (await enter.Should().ThrowAsync<CoprocessRefusedException>()).WithMessage("ENOENT");
        (await session.EvaluateAsync("exit 4", stdio, cancellation)).Should().Be(4);
        Func<Task> after = () => session.EvaluateAsync(":", stdio, cancellation);
        await after.Should().ThrowAsync<EndOfStreamException>();
    }

    [Fact]
    public async Task In_C_sharp_a_request_that_is_given_up_ends_the_session_and_the_program()
    {
        using SafeFileHandle none = File.OpenHandle("/dev/null", FileMode.Open, FileAccess.ReadWrite);
        using CoprocessSession session = await CoprocessSession.OpenAsync(_daemon.Socket, TestContext.Current.CancellationToken);
        using var patience = new CancellationTokenSource();
        Task<int> running = session.RunAsync(["sleep", "1000"], new CoprocessStdio(none, none, none), patience.Token);
        await _daemon.Job(job => job.GetProperty("pid").ValueKind == JsonValueKind.Number, "runs");

        await patience.CancelAsync();

        await running.Invoking(task => task).Should().ThrowAsync<OperationCanceledException>();
        await _daemon.Job(job => job.GetProperty("state").GetString() == "canceled", "is canceled");
    }

    public async ValueTask DisposeAsync() => await _daemon.DisposeAsync();
}
