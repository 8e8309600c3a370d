using BenchmarkDotNet.Attributes;
using Kuid.Jobd.Api;
using Kuid.Jobd.Core.Storage;

namespace Kuid.Micro;

/// <summary>What the HTTP door takes to show a job.</summary>
[MemoryDiagnoser]
public class JobBodyBenchmarks
{
    private readonly JobRecord _labelled = SampleJob.Ended with
    {
        Name = "nightly build",
        Queue = "builds",
        QueuedAt = SampleJob.Ended.CreatedAt,
        Labels = new Dictionary<string, string>(StringComparer.Ordinal) { ["team"] = "tools", ["branch"] = "main", ["commit"] = "ebc91b3" },
        WorkingDirectory = "/srv/build"u8.ToArray(),
        Environment = ["LANG=C.UTF-8"u8.ToArray(), "CI=true"u8.ToArray()],
        After = [17, 18],
    };

    /// <summary>A shell command as it ended.</summary>
    [Benchmark(Description = "a shell command")]
    public byte[] Plain() => JobBody.Of(SampleJob.Ended);

    /// <summary>A job of a queue with what its submitter may give.</summary>
    [Benchmark(Description = "a job with labels and an environment")]
    public byte[] Labelled() => JobBody.Of(_labelled);
}
