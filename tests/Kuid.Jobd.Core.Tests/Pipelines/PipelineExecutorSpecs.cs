using Kuid.Jobd.Core.Hosts;
using Kuid.Jobd.Core.Jobs;
using Kuid.Jobd.Core.Output;
using Kuid.Jobd.Core.Pipelines;
using Kuid.Jobd.Core.Storage;
using Kuid.TestKit;

namespace Kuid.Jobd.Core.Tests.Pipelines;

/// <summary>Pipelines through the engine, without doors.</summary>
public sealed class PipelineExecutorSpecs
{
    [Fact]
    public async Task A_pipeline_is_evaluated_and_its_status_is_the_exit_code()
    {
        await using var engine = new Engine();
        Job job = engine.Pipeline("echo hello; exit 3");

        JobResult result = await job.Ended.WaitAsync(Reading.Limit);

        (result.Reason, result.Status!.Value.ExitCode, result.Usage).Should().Be((JobReason.Exit, 3, null));
        (job.State, job.Pid).Should().Be((JobState.Failed, null));
        new ResultReader(job.Output).Rows(0).Select(row => System.Text.Encoding.UTF8.GetString(row.Span)).Should().Equal("[\"hello\"]");
    }

    [Fact]
    public async Task A_host_that_was_removed_after_the_submission_is_unreachable()
    {
        await using var engine = new Engine();
        Job job = engine.Pipeline("echo hello", spec => spec with { Pipeline = spec.Pipeline! with { Host = "gone" } });

        JobResult result = await job.Ended.WaitAsync(Reading.Limit);

        result.Reason.Should().Be(JobReason.Unreachable);
        result.Detail.Should().StartWith("gone: there is no host \"gone\"");
    }

    [Fact]
    public async Task A_script_that_an_older_version_took_and_this_one_cannot_read_fails_and_says_where()
    {
        await using var engine = new Engine();

        JobResult result = await engine.Pipeline("ls | | x").Ended.WaitAsync(Reading.Limit);

        result.Reason.Should().Be(JobReason.Evaluation);
        result.Detail.Should().StartWith("1:6: ");
    }

    [Fact]
    public async Task Output_that_there_is_no_room_for_ends_it()
    {
        await using var engine = new Engine();
        Job job = engine.Pipeline("while true; do pwd; done", spec => spec with { OutputLimit = 100_000 });

        JobResult result = await job.Ended.WaitAsync(Reading.Limit);

        (job.State, result.Reason).Should().Be((JobState.Failed, JobReason.OutputLimit));
        job.Output.Produced(OutputStream.Stdout).Should().BeGreaterThan(100_000);
    }

    [Fact]
    public async Task A_pipeline_that_waits_is_taken_up_again_at_the_next_start()
    {
        using var folder = new TempFolder();
        long id;
        await using (var first = new Engine(folder: folder))
        {
            id = first.History.NextId();
            await first.History.AddAsync(new Addition(Specs.Pipeline("echo $A; pwd", spec => spec with
            {
                Queue = "default",
                Pipeline = spec.Pipeline! with { Hosts = ["local"], Environment = [Specs.Bytes("A=b")], WorkingDirectory = Specs.Bytes("/usr") },
            }).ToRecord(id, DateTime.UtcNow)));
        }

        await using var second = new Engine(folder: folder);
        await second.Recovery.RunAsync();
        Job job = second.Service.Find(id)!;
        using OutputReading reading = (await second.Service.ReadOutputAsync(id))!;
        await job.Ended.WaitAsync(Reading.Limit);
        var reader = new ResultReader(reading.Log!);
        reader.Rows(0).Concat(reader.Rows(1)).Select(row => System.Text.Encoding.UTF8.GetString(row.Span))
            .Should().Equal("[\"local\",\"b\"]", "[\"local\",\"/usr\"]");
    }

    [Fact]
    public async Task Hosts_of_clients_are_kept_and_those_of_the_configuration_win()
    {
        using var folder = new TempFolder();
        await using (var first = new Engine(folder: folder))
        {
            (await first.Hosts.PutAsync("b", "tcp:b:1")).Should().Be(HostChange.Added);
            (await first.Hosts.PutAsync("b", "unix:/b")).Should().Be(HostChange.Replaced);
            (await first.Hosts.PutAsync("a", "unix:/a")).Should().Be(HostChange.Added);
            (await first.Hosts.PutAsync(HostTable.Local, "unix:/x")).Should().Be(HostChange.ReadOnly);
            (await first.Hosts.DeleteAsync("none")).Should().Be(HostChange.NoSuchHost);
            await FluentActions.Awaiting(() => first.Hosts.PutAsync("c", "nonsense")).Should().ThrowAsync<FormatException>();
        }

        await using var second = new Engine(folder: folder);
        second.ConfiguredHosts["a"] = "tcp:configured:1";
        await second.Hosts.LoadAsync();
        second.Hosts.All.Should().Equal(
            new HostEntry("local", "local", HostSource.Builtin),
            new HostEntry("a", "tcp:configured:1", HostSource.Config),
            new HostEntry("b", "unix:/b", HostSource.Client));
        (await second.Hosts.DeleteAsync("a")).Should().Be(HostChange.ReadOnly);
        (await second.Hosts.DeleteAsync("b")).Should().Be(HostChange.Removed);
        second.ConfiguredHosts.Clear();
        second.Hosts.Find("a")!.Address.Should().Be("unix:/a", "it is the client's again when the configuration lets go of the name");
    }
}
