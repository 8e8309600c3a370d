using System.Globalization;
using System.Text.Json;

namespace Kuid.Http.Tests.Survival;

/// <summary>A job that counts on both streams, at a pace of its own, and ends in a way of its own.</summary>
/// <param name="Lines">How many lines it writes to each.</param>
/// <param name="Pace">The longest pause between two, in seconds.</param>
/// <param name="Signal">What it kills itself with; 0 for nothing.</param>
internal sealed record CountingJob(int Lines, double Pace, int Code, int Signal)
{
    private static readonly int[] Signals = [0, 0, 0, 1, 6, 9, 11, 15];

    internal string Command => string.Create(
        CultureInfo.InvariantCulture,
        $$"""exec perl -e 'for $i (1..{{Lines}}) { syswrite STDOUT, "o$i\n"; syswrite STDERR, "e$i\n"; select undef, undef, undef, rand {{Pace}} } kill {{Signal}}, $$ if {{Signal}}; exit {{Code}}'""");

    /// <summary>Any one, by chance.</summary>
    internal static CountingJob Any(Random random, int most) =>
        new(random.Next(10, most), random.NextDouble() / 10, random.Next(256), Signals[random.Next(Signals.Length)]);

    /// <summary>The job has ended as it should, and each byte is there.</summary>
    internal async Task IsWhole(HttpClient client, long id)
    {
        JsonElement job = await client.Ended(id);
        (job.Text("state"), job.Text("reason")).Should().Be((Code == 0 && Signal == 0 ? "succeeded" : "failed", Signal == 0 ? "exit" : "signal"), job.ToString());
        (job.Long("waitStatus") & 0x7f, job.Long("waitStatus") >> 8).Should().Be((Signal, Signal == 0 ? Code : 0));
        (await client.GetStringAsync($"/v1/jobs/{id}/stdout")).Should().Be(Output("o"));
        (await client.GetStringAsync($"/v1/jobs/{id}/stderr")).Should().Be(Output("e"));
        (job.GetProperty("outputIncomplete").GetBoolean(), job.GetProperty("truncated").GetBoolean()).Should().Be((false, false));
    }

    private string Output(string letter) =>
        string.Concat(Enumerable.Range(1, Lines).Select(i => string.Create(CultureInfo.InvariantCulture, $"{letter}{i}\n")));
}
