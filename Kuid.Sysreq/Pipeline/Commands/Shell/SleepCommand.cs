using Kuid.Sysreq.Pipeline.Rows;

namespace Kuid.Sysreq.Pipeline.Commands.Shell;

/// <summary><c>sleep</c>: waits here, and the remote system knows nothing of it.</summary>
internal sealed class SleepCommand : Command
{
    /// <inheritdoc/>
    public override string Name => "sleep";

    /// <inheritdoc/>
    public override CommandHelp Help { get; } = new()
    {
        Synopsis = "sleep DURATION...",
        Summary = "Waits; several durations are added.",
        Remarks = "A number without a unit is seconds.",
        Examples = ["sleep 0.5", "sleep 1m30s"],
    };

    /// <inheritdoc/>
    public override RowSource Bind(CommandCall call)
    {
        var arguments = new ArgumentReader(call, Help);
        arguments.NeedAtLeast(1, "DURATION");
        double milliseconds = arguments.Operands.Sum(operand => arguments.Duration(operand, "DURATION") / 1e6);
        TimeSpan longest = TimeSpan.FromMilliseconds(int.MaxValue);
        if (milliseconds > longest.TotalMilliseconds)
        {
            throw arguments.Refusal($"waits {longest.Days} days at most");
        }

        return new ShellAction(async (_, cancellation) => await Task.Delay(TimeSpan.FromMilliseconds(milliseconds), cancellation));
    }
}
