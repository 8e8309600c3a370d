using Kuid.Sysreq.Pipeline.Commands;
using Kuid.Sysreq.Pipeline.Values;
using Kuid.Sysreq.Remote;

namespace Kuid.Sysreq.Tests.Commands;

/// <summary>What a stage has while it runs, without a remote system.</summary>
internal sealed class StageContext : CommandContext
{
    public List<ErrorValue> Reported { get; } = [];

    public override RemoteSystem System => throw new InvalidOperationException("this command knows no remote system");

    public override IReadOnlyDictionary<string, string> Environment { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    public override ValueTask ReportAsync(ErrorValue error)
    {
        Reported.Add(error);
        Status = Status == 0 ? 1 : Status;
        return ValueTask.CompletedTask;
    }

    public override ValueTask WriteErrorAsync(ReadOnlyMemory<byte> bytes) => throw new InvalidOperationException("no remote program runs here");
}
