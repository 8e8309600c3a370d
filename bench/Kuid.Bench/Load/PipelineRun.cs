using System.Diagnostics;
using Kuid.Sysreq.Grammar;
using Kuid.Sysreq.Pipeline;
using Kuid.Sysreq.Pipeline.Formats;

namespace Kuid.Bench.Load;

/// <summary>A pipeline, evaluated once in a session.</summary>
/// <param name="Lines">How many lines it gave.</param>
/// <param name="Took">How long it took.</param>
internal readonly record struct PipelineRun(int Lines, TimeSpan Took)
{
    internal static async Task<PipelineRun> EvaluateAsync(Session session, string pipeline, CancellationToken cancellation)
    {
        using var output = new MemoryStream();
        using var errors = new MemoryStream();
        long start = Stopwatch.GetTimestamp();
        await using (var sink = new StreamSink("text", output, errors, isTerminal: false))
        {
            await session.EvaluateAsync(ScriptParser.Parse(pipeline), sink, cancellation);
        }

        return new PipelineRun(output.ToArray().Count(each => each == (byte)'\n'), Stopwatch.GetElapsedTime(start));
    }
}
