using System.Text.Json;
using Kuid.Jobd.Api.Json;
using Kuid.Jobd.Api.Models;
using Kuid.Jobd.Core.Jobs;
using Kuid.Jobd.Core.Storage;
using Kuid.TestKit.Contract;

namespace Kuid.Jobd.Api.Tests;

/// <summary>Records as clients see them, held against the contract's schema.</summary>
public sealed class JobJsonSpecs
{
    private static readonly JobRecord Queued = new()
    {
        Id = 41,
        Version = 1,
        Kind = JobKind.Shell,
        State = JobState.Queued,
        Origin = JobOrigin.Http,
        Principal = "uid:1000",
        Queue = "default",
        Argv = ["/bin/sh"u8.ToArray(), "-c"u8.ToArray(), "sort | uniq"u8.ToArray()],
        CreatedAt = new DateTime(2026, 3, 1, 12, 0, 0, 7, DateTimeKind.Utc),
    };

    [Fact]
    public void A_job_that_waits_keeps_the_contract()
    {
        JsonElement job = Show(Queued);
        job.GetProperty("command").GetString().Should().Be("sort | uniq");
        job.GetProperty("argv").ValueKind.Should().Be(JsonValueKind.Null);
        job.GetProperty("createdAt").GetString().Should().Be("2026-03-01T12:00:00.007Z");
        job.GetProperty("finishedAt").ValueKind.Should().Be(JsonValueKind.Null);
    }

    [Fact]
    public void A_job_that_a_signal_ended_keeps_the_contract()
    {
        JsonElement job = Show(Queued with
        {
            Kind = JobKind.Argv,
            State = JobState.Failed,
            Reason = JobReason.OutputLimit,
            WaitStatus = 9,
            Pid = 12,
            Duration = TimeSpan.FromMilliseconds(1500),
            QueuedAt = Queued.CreatedAt,
            StartedAt = Queued.CreatedAt.AddSeconds(2),
            FinishedAt = Queued.CreatedAt.AddSeconds(4),
            StdoutBytes = 10,
            StdoutKeptBytes = 4,
            Environment = ["A=1=2"u8.ToArray()],
        });
        job.GetProperty("signal").GetString().Should().Be("SIGKILL");
        job.GetProperty("exitCode").ValueKind.Should().Be(JsonValueKind.Null);
        job.GetProperty("reason").GetString().Should().Be("outputlimit");
        job.GetProperty("truncated").GetBoolean().Should().BeTrue();
        job.GetProperty("pid").ValueKind.Should().Be(JsonValueKind.Null, "it is nobody's any more");
        job.GetProperty("queuedSeconds").GetDouble().Should().Be(2);
        job.GetProperty("env").GetProperty("A").GetString().Should().Be("1=2");
    }

    [Fact]
    public void A_clock_that_was_set_back_makes_no_negative_time() => Show(Queued with
    {
        QueuedAt = Queued.CreatedAt,
        StartedAt = Queued.CreatedAt.AddHours(-1),
    }).GetProperty("queuedSeconds").GetDouble().Should().Be(0);

    [Fact]
    public void Bytes_that_are_no_text_are_shown_and_said_to_be_lossy()
    {
        JsonElement job = Show(Queued with { Argv = [.. Queued.Argv.Take(2), [0x61, 0xff]] });
        job.GetProperty("command").GetString().Should().Be("a\ufffd");
        job.GetProperty("lossy").GetBoolean().Should().BeTrue();
        Show(Queued).GetProperty("lossy").GetBoolean().Should().BeFalse();
    }

    private static JsonElement Show(JobRecord record)
    {
        JsonElement job = JsonSerializer.SerializeToElement(JobJson.Of(record), ApiJson.Default.JobJson);
        SchemaCheck.Check(job, HttpContract.OfRepository.Schemas["Job"]).Should().BeEmpty();
        return job;
    }
}
