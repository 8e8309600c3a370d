using BenchmarkDotNet.Attributes;
using Kuid.Bench;
using Kuid.Jobd.Core.Storage;
using Kuid.Jobd.Core.Storage.Sqlite;

namespace Kuid.Micro;

/// <summary>
/// What a job costs the history that is written once, with its end and a line of output, by how many are written in one transaction.
/// Every job is a new one and the file grows, as it does; the records are made anew too, as they are for each batch of the daemon.
/// </summary>
[MemoryDiagnoser]
public class HistoryBenchmarks
{
    private const int Some = 20;
    private const int Many = 500;

    private Scratch? _scratch;
    private SqliteJobStore? _store;
    private long _lastId;

    /// <summary>Whether each transaction waits for the disk.</summary>
    [Params(false, true)]
    public bool Durable { get; set; }

    /// <summary>Makes an empty history.</summary>
    [GlobalSetup]
    public void Open()
    {
        _scratch = new Scratch(parent: null);
        _store = SqliteJobStore.Open(_scratch.NewPath("history.db"));
    }

    /// <summary>Removes it.</summary>
    [GlobalCleanup]
    public void Close()
    {
        _store?.Dispose();
        _scratch?.Dispose();
    }

    /// <summary>A transaction each.</summary>
    [Benchmark(Description = "a job of 1 in a batch")]
    public int One() => Write(1);

    /// <summary>As many as a busy daemon has.</summary>
    [Benchmark(Description = "a job of 20 in a batch", OperationsPerInvoke = Some)]
    public int Twenty() => Write(Some);

    /// <summary>As many as a flood makes.</summary>
    [Benchmark(Description = "a job of 500 in a batch", OperationsPerInvoke = Many)]
    public int FiveHundred() => Write(Many);

    private int Write(int count)
    {
        var changes = new Change[count];
        for (int i = 0; i < count; i++)
        {
            changes[i] = new Change(SampleJob.Ended with { Id = ++_lastId }, SampleJob.Output);
        }

        return _store!.Write(new WriteBatch { Changes = changes, Durable = Durable }).Count;
    }
}
