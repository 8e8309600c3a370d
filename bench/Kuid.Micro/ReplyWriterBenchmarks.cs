using BenchmarkDotNet.Attributes;
using Kuid.Jobd.Core.Processes;
using Kuid.Jobd.Doors.Sockproc;

namespace Kuid.Micro;

/// <summary>What the sockproc door takes to write what is its own of a reply.</summary>
[MemoryDiagnoser]
public class ReplyWriterBenchmarks
{
    private readonly byte[] _buffer = new byte[ReplyWriter.MaxHead + ReplyWriter.MaxMiddle];

    /// <summary>Head and middle of <c>true</c>'s.</summary>
    [Benchmark(Description = "no output")]
    public int Empty() => Write(new WaitStatus(0), 0, 0);

    /// <summary>Of a command that failed and wrote on both streams.</summary>
    [Benchmark(Description = "output on both streams")]
    public int Full() => Write(WaitStatus.OfExitCode(2), 1234, 567);

    /// <summary>A whole error reply.</summary>
    [Benchmark(Description = "error reply")]
    public byte[] Error() => ReplyWriter.Error(new Rejection(RejectionReason.TooManyConnections));

    private int Write(WaitStatus status, long stdout, long stderr)
    {
        int n = ReplyWriter.WriteHead(_buffer, status, stdout);
        return n + ReplyWriter.WriteMiddle(_buffer.AsSpan(n), stderr);
    }
}
