using System.Text;
using Kuid.Jobd.Core.Jobs;
using Kuid.Jobd.Core.Processes;

namespace Kuid.Jobd.Core.Tests;

/// <summary>What the tests run: shell commands, and the test child with its verbs.</summary>
internal static class Specs
{
    /// <summary>A shell's, because a .NET process keeps copies of its streams that it cannot close. It exits with 3 when its input ends.</summary>
    internal const string CloseOutputAndRun = "echo ready; exec >&- 2>&-; read line; exit 3";

    // The child is a .NET program: it needs the variables that say where .NET is, which jobs do not inherit.
    private static readonly IReadOnlyList<byte[]> ChildEnvironment = [.. Environment.GetEnvironmentVariables()
        .Cast<System.Collections.DictionaryEntry>()
        .Select(entry => Encoding.UTF8.GetBytes($"{entry.Key}={entry.Value}"))];

    private static readonly string ChildProgram = Path.Combine(AppContext.BaseDirectory, "kuid-test-child");

    internal static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    internal static JobSpec Shell(string command, Func<JobSpec, JobSpec>? with = null) =>
        Of(ProcessSpec.Shell(Bytes(command)), with);

    internal static JobSpec Child(string[] words, Func<JobSpec, JobSpec>? with = null) => Of(ChildProcess(words), with);

    internal static ProcessSpec ChildProcess(params string[] words) =>
        new(Bytes(ChildProgram), [.. words.Prepend(ChildProgram).Select(Bytes)]) { Environment = ChildEnvironment, ClearEnvironment = true };

    internal static ProcessSpec Program(params string[] words) => new(Bytes(words[0]), [.. words.Select(Bytes)]);

    internal static JobSpec Pipeline(string source, Func<JobSpec, JobSpec>? with = null)
    {
        var spec = new JobSpec { Kind = JobKind.Pipeline, Pipeline = new PipelineSpec(source), Origin = JobOrigin.Http, Principal = "uid:0" };
        return with is null ? spec : with(spec);
    }

    internal static JobSpec Of(ProcessSpec process, Func<JobSpec, JobSpec>? with = null)
    {
        var spec = new JobSpec { Process = process, Origin = JobOrigin.Sockproc, Principal = "uid:0" };
        return with is null ? spec : with(spec);
    }
}
