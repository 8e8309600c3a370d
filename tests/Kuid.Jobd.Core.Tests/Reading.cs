using System.Text;
using Kuid.Jobd.Core.Descriptors;
using Kuid.Jobd.Core.Jobs;
using Kuid.Jobd.Core.Output;

namespace Kuid.Jobd.Core.Tests;

/// <summary>Whole streams, and waiting for the end: no test waits longer than a minute for anything.</summary>
internal static class Reading
{
    internal static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    internal static async Task<JobResult> Result(this Job job) => await job.Ended.WaitAsync(Limit);

    internal static string Text(this Job job, OutputStream stream = OutputStream.Stdout) =>
        Encoding.UTF8.GetString(job.Output.AllKept(stream));

    internal static byte[] AllKept(this OutputLog log, OutputStream stream)
    {
        using var all = new MemoryStream();
        byte[] buffer = new byte[64 * 1024];
        long offset = 0;
        int n;
        while ((n = log.Read(stream, ref offset, buffer)) > 0)
        {
            all.Write(buffer, 0, n);
            offset += n;
        }

        return all.ToArray();
    }

    internal static async Task Says(this Job job, string text, OutputStream stream = OutputStream.Stdout) =>
        await Kuid.TestKit.Eventually.Holds(
            () => job.Text(stream).Contains(text, StringComparison.Ordinal) || job.Ended.IsCompleted, $"job {job.Id} says {text}", Limit);

    internal static async Task<string> ReadToEnd(this Descriptor pipe)
    {
        using var patience = new CancellationTokenSource(Limit);
        using var all = new MemoryStream();
        byte[] buffer = new byte[64 * 1024];
        int n;
        while ((n = await pipe.ReadAsync(buffer, patience.Token)) > 0)
        {
            all.Write(buffer, 0, n);
        }

        return Encoding.Latin1.GetString(all.ToArray());
    }

    internal static async Task<string> ReadLine(this Descriptor pipe)
    {
        using var patience = new CancellationTokenSource(Limit);
        var line = new StringBuilder();
        byte[] one = new byte[1];
        while (await pipe.ReadAsync(one, patience.Token) > 0 && one[0] != '\n')
        {
            line.Append((char)one[0]);
        }

        return line.ToString();
    }
}
