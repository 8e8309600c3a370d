using Kuid.Sysreq.Pipeline.Rows;
using Kuid.Sysreq.Pipeline.Values;
using Kuid.Sysreq.Remote;

namespace Kuid.Sysreq.Pipeline.Commands.Remote;

/// <summary><c>ulimit</c>: the limits of the server, and of what it starts.</summary>
internal sealed class UlimitCommand : Command
{
    private const string Unlimited = "unlimited";

    /// <summary>The names of setrlimit(2), without their RLIMIT_ and small.</summary>
    private static readonly (string Name, Resource Resource, string Unit)[] Limits =
    [
        ("as", Resource.AddressSpace, "bytes"), ("core", Resource.Core, "bytes"), ("cpu", Resource.Cpu, "seconds"),
        ("data", Resource.Data, "bytes"), ("fsize", Resource.FileSize, "bytes"), ("locks", Resource.Locks, "locks"),
        ("memlock", Resource.LockedMemory, "bytes"), ("msgqueue", Resource.MessageQueue, "bytes"), ("nice", Resource.Nice, "20 less it"),
        ("nofile", Resource.OpenFiles, "descriptors"), ("nproc", Resource.Processes, "processes"), ("rss", Resource.ResidentSet, "bytes"),
        ("rtprio", Resource.RealTimePriority, "priority"), ("rttime", Resource.RealTimeTime, "microseconds"),
        ("sigpending", Resource.PendingSignals, "signals"), ("stack", Resource.Stack, "bytes"),
    ];

    /// <inheritdoc/>
    public override string Name => "ulimit";

    /// <summary>
    /// Reading the limits is what it does among other stages, and only the session's own connection has the session's limits.
    /// </summary>
    public override bool LeavesConnectionAlone => true;

    /// <inheritdoc/>
    public override CommandHelp Help { get; } = new()
    {
        Synopsis = "ulimit [NAME [SOFT [HARD]]]",
        Summary = "The limits of the process that serves the session, and of the programs that it starts; with SOFT, sets one.",
        Remarks = $"NAME is one of {Phrase.And([.. Limits.Select(limit => limit.Name)])}. SOFT and HARD are numbers, sizes such as 1GiB, or "
            + "unlimited; without HARD the hard limit stays as it is. Only root raises a hard limit.",
        Columns = [new("name", ValueKind.String), new("soft", ValueKind.Any), new("hard", ValueKind.Any), new("unit", ValueKind.String)],
        Examples = ["ulimit", "ulimit nofile", "ulimit as 1GiB; run convert huge.png small.png"],
    };

    /// <inheritdoc/>
    public override RowSource Bind(CommandCall call)
    {
        var arguments = new ArgumentReader(call, Help);
        arguments.TakeAtMost(3, "NAME, SOFT, HARD");
        if (arguments.OperandAt(0) is not { } name)
            return new RemoteRows(this, stage => ReadAsync(stage, Limits));

        var text = ArgumentReader.Text(name);
        var known = Array.Find(Limits, limit => limit.Name == text);
        if (known.Name is null)
            throw arguments.Refusal($"there is no limit {new ByteString(text)}; there are {Phrase.And([.. Limits.Select(limit => limit.Name)])}", name);

        if (arguments.OperandAt(1) is not { } soft)
            return new RemoteRows(this, stage => ReadAsync(stage, [known]));

        var softLimit = Limit(arguments, soft, "SOFT");
        ulong? hardLimit = arguments.OperandAt(2) is { } hard ? Limit(arguments, hard, "HARD") : null;
        if (softLimit > hardLimit)
            throw arguments.Refusal("SOFT is at most HARD", soft);

        return RemoteRows.None(this, async stage =>
        {
            var most = hardLimit ?? (await stage.System.GetLimitAsync(known.Resource, stage.Cancellation)).Hard;
            if (softLimit > most)
                throw new CommandException($"{known.Name}: the hard limit is {Shown(most)}", soft.Span);

            await stage.System.SetLimitAsync(known.Resource, new ResourceLimit(softLimit, most), stage.Cancellation);
        });
    }

    private static ulong Limit(ArgumentReader arguments, Argument argument, string name) =>
        ArgumentReader.Text(argument) == Unlimited ? ResourceLimit.Unlimited
        : SizeText.TryParse(ArgumentReader.Text(argument), out long size) && size >= 0 ? (ulong)size
        : throw arguments.Refusal(
            $"{name} is a whole number, a size such as 1GiB, or unlimited, not {new ByteString(ArgumentReader.Text(argument))}", argument);

    private static async IAsyncEnumerable<Value[]> ReadAsync(RemoteStage stage, (string Name, Resource Resource, string Unit)[] limits)
    {
        var values = await Task.WhenAll(limits.Select(limit => stage.System.GetLimitAsync(limit.Resource, stage.Cancellation)));
        for (var index = 0; index < limits.Length; index++)
        {
            yield return
            [
                new StringValue(limits[index].Name), LimitValue(values[index].Soft, limits[index].Unit),
                LimitValue(values[index].Hard, limits[index].Unit), new StringValue(limits[index].Unit),
            ];
        }
    }

    private static Value LimitValue(ulong limit, string unit) =>
        limit == ResourceLimit.Unlimited ? new StringValue(Unlimited)
        : unit == "bytes" && limit <= long.MaxValue ? new SizeValue((long)limit)
        : new UInt64Value(limit);

    private static string Shown(ulong limit) => limit == ResourceLimit.Unlimited ? Unlimited : ValueText.Of(new UInt64Value(limit));
}
