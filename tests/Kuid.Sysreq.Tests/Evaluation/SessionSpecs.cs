using Kuid.Sysreq.Grammar;
using Kuid.Sysreq.Pipeline;
using Kuid.Sysreq.Remote;
using Kuid.TestKit;

namespace Kuid.Sysreq.Tests.Evaluation;

/// <summary>Sessions over several scripts, their connections, and their ends.</summary>
public sealed class SessionSpecs
{
    [Fact]
    public async Task What_a_script_sets_the_next_one_has()
    {
        await using Session session = await Shells.OpenAsync(new SessionOptions { Directory = "/usr" });
        await Shells.RunAsync(session, "x=1; f() { echo f$1; }; cd bin; false");
        (await Shells.RunAsync(session, "echo $? $x $(pwd); f 2")).Output.Should().MatchRegex("^1 1 /usr/bin\nf2\n$");
    }

    [Theory]
    [InlineData("while true; do true; done")]
    [InlineData("while true; do pwd; done | sort")]
    [InlineData("f() { while true; do echo $(echo x) > /dev/null; done; }; f")]
    [InlineData("sleep 1000")]
    [InlineData("sleep 1000 & wait")]
    [InlineData("{ while true; do echo x; done; } | while read x; do :; done")]
    public async Task A_script_can_be_cancelled_and_the_session_goes_on(string endless)
    {
        await using Session session = await Shells.OpenAsync();
        using var cancel = new CancellationTokenSource();
        var sink = new TripSink();
        Task<int> evaluating = session.EvaluateAsync(ScriptParser.Parse($"x=before; echo started; {endless}"), sink, cancel.Token);
        await sink.HasRow.WaitAsync(TimeSpan.FromMinutes(1));
        await cancel.CancelAsync();
        await evaluating.Awaiting(task => task.WaitAsync(TimeSpan.FromMinutes(1))).Should().ThrowAsync<OperationCanceledException>();
        (await Shells.RunAsync(session, "echo $x; cd /; pwd")).Should().Be(new Outcome("before\n/\n", "", 0));
    }

    [Theory]
    [InlineData("exit 4", 4)]
    [InlineData("f() { exit; }; false; f", 1)]
    public async Task Exit_ends_the_session(string script, int status)
    {
        await using Session session = await Shells.OpenAsync();
        (await Shells.RunAsync(session, script)).Status.Should().Be(status);
        session.ExitStatus.Should().Be(status);
        await session.Awaiting(ended => Shells.RunAsync(ended, "echo")).Should().ThrowAsync<InvalidOperationException>();
    }

    [Theory]
    [InlineData("(exit 4)")]
    [InlineData("x=$(exit 4)")]
    [InlineData("exit 4 | false")]
    [InlineData("exit 4 & wait")]
    public async Task Exit_elsewhere_does_not(string script)
    {
        await using Session session = await Shells.OpenAsync();
        await Shells.RunAsync(session, script);
        session.ExitStatus.Should().BeNull();
    }

    [Theory]
    [InlineData("(echo a; x=1; pwd; ls / | count) | sort", 1)]
    [InlineData("echo $(pwd) | grep / | while read x; do echo $x; done", 1)]
    [InlineData("(cd /; pwd)", 2)]
    [InlineData("(cd /; (pwd; cd /usr; pwd); pwd)", 3)]
    [InlineData("cd / | cd /usr", 3)]
    [InlineData("cd /; { cd /usr; }; for i in 1 2; do cd /; done", 1)]
    [InlineData("true & wait", 2)]
    public async Task A_connection_of_ones_own_is_opened_where_one_is_changed(string script, int connections)
    {
        var transport = new CountingTransport();
        await using (Session session = await Shells.OpenAsync(transport: transport))
        {
            (await Shells.RunAsync(session, script)).Errors.Should().BeEmpty();
        }

        transport.Opened.Should().Be(connections);
    }

    [Fact]
    public async Task The_facts_of_all_processes_are_rows()
    {
        await using Session session = await Shells.OpenAsync();
        Outcome outcome = await Shells.RunAsync(session, "ps | xargs pstat | count; ps | count");
        outcome.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Should().HaveCount(2).And.OnlyContain(count => int.Parse(count, System.Globalization.CultureInfo.InvariantCulture) > 0);
    }

    [Fact]
    public async Task Two_scripts_at_once_are_refused()
    {
        await using Session session = await Shells.OpenAsync();
        using var cancel = new CancellationTokenSource();
        var sink = new TripSink();
        Task<int> first = session.EvaluateAsync(ScriptParser.Parse("echo started; sleep 1000"), sink, cancel.Token);
        await sink.HasRow.WaitAsync(TimeSpan.FromMinutes(1));
        await session.Awaiting(busy => Shells.RunAsync(busy, "echo")).Should().ThrowAsync<InvalidOperationException>();
        await cancel.CancelAsync();
        await first.Awaiting(task => task).Should().ThrowAsync<OperationCanceledException>();
    }

    [Fact]
    public async Task A_lost_connection_ends_the_script_and_that_of_a_subshell_only_it()
    {
        await using Session session = await Shells.OpenAsync();
        long exit = session.System.Client.Architecture.Calls.Exit.Number;
        Outcome subshell = await Shells.RunAsync(session, $"(sys {exit} 0; echo never); echo $?; pwd | count");
        subshell.Output.Should().Be("255\n1\n");
        subshell.Errors.Should().Contain("the connection is lost");
        await session.Awaiting(lost => Shells.RunAsync(lost, $"sys {exit} 0; echo never")).Should().ThrowAsync<ConnectionLostException>();
    }

    [Fact]
    public async Task Background_jobs_give_what_they_have_to_the_script_that_runs_then()
    {
        using var folder = new TempFolder();
        await using Session session = await Shells.OpenAsync();
        string job = $"until [ -e {folder["go"]} ]; do sleep 0.01; done; echo late; cd /nope";
        (await Shells.RunAsync(session, $"{{ {job}; }} & echo $!")).Output.Should().Be("1\n");
        await File.WriteAllTextAsync(folder["go"], string.Empty);
        Outcome second = await Shells.RunAsync(session, "wait $!; echo $?");
        second.Should().Be(new Outcome("late\n1\n", "cd: /nope: no such file or directory\n", 0));
    }

    [Fact]
    public async Task Background_jobs_are_listed_and_waited_for()
    {
        await using Session session = await Shells.OpenAsync();
        Outcome outcome = await Shells.RunAsync(session, "(exit 3) & false & wait 2; echo $?; wait 1; echo $?; sleep 1000 & jobs | select id state status command");
        outcome.Should().Be(new Outcome("1\n3\n3\trunning\t\tsleep 1000\n", "", 0));
    }

    [Fact]
    public async Task A_session_that_ends_ends_its_background_jobs()
    {
        using var folder = new TempFolder();
        Session session = await Shells.OpenAsync();
        await Shells.RunAsync(session, $"while true; do echo x >> {folder["f"]}; done &");
        await Eventually.Holds(() => new FileInfo(folder["f"]) is { Exists: true, Length: > 0 }, "the job writes its file");
        await session.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromMinutes(1));
        long length = new FileInfo(folder["f"]).Length;
        await Shells.RunAsync("for i in {1..100}; do pwd; done > /dev/null");
        new FileInfo(folder["f"]).Length.Should().Be(length);
    }
}
