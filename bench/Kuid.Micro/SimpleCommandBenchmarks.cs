using BenchmarkDotNet.Attributes;
using Kuid.Jobd.Core.Processes.Direct;

namespace Kuid.Micro;

/// <summary>What every shell command pays for the question whether it needs a shell.</summary>
[MemoryDiagnoser]
public class SimpleCommandBenchmarks
{
    private readonly byte[] _plain = "uname -a"u8.ToArray();
    private readonly byte[] _quoted = "/usr/bin/grep -n 'some text' \"a file\" other-file another-file"u8.ToArray();
    private readonly byte[] _shell = "cd /var/log && ls -l | wc -l"u8.ToArray();

    /// <summary>Two plain words.</summary>
    [Benchmark(Description = "two plain words")]
    public IReadOnlyList<byte[]>? Plain() => SimpleCommand.Words(_plain);

    /// <summary>Six words, two of them quoted.</summary>
    [Benchmark(Description = "six words, some quoted")]
    public IReadOnlyList<byte[]>? Quoted() => SimpleCommand.Words(_quoted);

    /// <summary>A command that is the shell's, which shows late.</summary>
    [Benchmark(Description = "a list of pipelines")]
    public IReadOnlyList<byte[]>? Shell() => SimpleCommand.Words(_shell);
}
