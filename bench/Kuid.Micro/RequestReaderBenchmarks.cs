using System.Text;
using BenchmarkDotNet.Attributes;
using Kuid.Jobd;
using Kuid.Jobd.Doors.Sockproc;

namespace Kuid.Micro;

/// <summary>What the sockproc door takes to read the head of a request.</summary>
[MemoryDiagnoser]
public class RequestReaderBenchmarks
{
    private readonly byte[] _small = "uname -a\r\n0\r\n"u8.ToArray();
    private readonly byte[] _large = Encoding.ASCII.GetBytes("echo " + new string('a', (64 * 1024) - 5) + "\r\n0\r\n");

    /// <summary>As nearly every client sends it.</summary>
    [Benchmark(Description = "small, in one piece")]
    public ReadState Small() => Read(_small, _small.Length);

    /// <summary>As the unkindest client sends it.</summary>
    [Benchmark(Description = "small, byte by byte")]
    public ReadState ByteByByte() => Read(_small, 1);

    /// <summary>A command that is a whole script.</summary>
    [Benchmark(Description = "64 KiB, in one piece")]
    public ReadState Large() => Read(_large, _large.Length);

    /// <summary>The same as the door takes it from its socket.</summary>
    [Benchmark(Description = "64 KiB, in pieces of 16 KiB")]
    public ReadState LargeInPieces() => Read(_large, 16 * 1024);

    private static ReadState Read(byte[] request, int piece)
    {
        var reader = new RequestReader(SockprocOptions.MaxCommandBytes, long.MaxValue);
        for (int start = 0; start < request.Length; start += piece)
        {
            ReadOnlySpan<byte> input = request.AsSpan(start, Math.Min(piece, request.Length - start));
            reader.Read(ref input);
        }

        return reader.State == ReadState.Complete ? reader.State : throw new InvalidOperationException($"the request is {reader.State}");
    }
}
