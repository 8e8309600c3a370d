using Kuid.Sysreq.Pipeline.Commands.Remote.Parsing;
using Kuid.Sysreq.Pipeline.Rows;
using Kuid.Sysreq.Pipeline.Values;
using Kuid.Sysreq.Remote;

namespace Kuid.Sysreq.Pipeline.Commands.Remote;

/// <summary><c>kill</c>: sends a signal.</summary>
internal sealed class KillCommand : Command
{
    private const int Term = 15;

    /// <inheritdoc/>
    public override string Name => "kill";

    /// <inheritdoc/>
    public override CommandHelp Help { get; } = new()
    {
        Synopsis = "kill [-SIGNAL] PID...",
        Summary = "Sends a signal, TERM if none is named, to processes. The rows are those that it was sent to.",
        Remarks = "A signal is a name with or without SIG before it, or a number; 0 only asks whether it could be sent. After --, 0 is the "
            + "process group of the server, -PID another, and -1 everything that the server may reach.",
        Options = [("-s SIGNAL", "the signal")],
        Columns = [ProcessStat.Columns[0]],
        Examples = ["kill 4711", "kill -HUP 1", "ps | where comm == 'worker' | xargs kill -9"],
    };

    /// <inheritdoc/>
    public override RowSource Bind(CommandCall call)
    {
        // -9 and -TERM are no options of a letter each, so they are taken before options are; of -sHUP only the s is one.
        var signal = Term;
        if (call.Arguments is [var first, ..] && ArgumentReader.Text(first) is ['-', not '-', ..] text
            && (SignalTable.Parse(text[1..]) is not null || text[1] != 's'))
        {
            signal = SignalTable.Parse(text[1..]) ?? throw Unknown(text[1..], first);
            call = call with { Arguments = [.. call.Arguments.Skip(1)] };
        }

        var arguments = new ArgumentReader(call, Help);
        if (arguments.ValueOf("-s") is { } named)
            signal = SignalTable.Parse(ArgumentReader.Text(named)) ?? throw Unknown(ArgumentReader.Text(named), named);

        if (arguments.OperandAt(0) is { Value: StringValue { Text: var word } } operand && !word.Any(char.IsAsciiDigit)
            && SignalTable.Parse(word) is not null)
            throw arguments.Refusal($"PID is a whole number, not {word}; the signal is written kill -{word} PID", operand);

        arguments.NeedAtLeast(1, "PID");
        IReadOnlyList<int> pids = [.. arguments.Operands.Select(pid => (int)arguments.Integer(pid, "PID", int.MinValue + 1, int.MaxValue))];
        return new RemoteRows(this, stage => ReadAsync(stage, pids, signal));
    }

    private static async IAsyncEnumerable<Value[]> ReadAsync(RemoteStage stage, IReadOnlyList<int> pids, int signal)
    {
        foreach (var batch in pids.Chunk(RemoteStage.BatchSize))
        {
            var errors = await stage.System.KillAllAsync(batch, signal, stage.Cancellation);
            for (var index = 0; index < batch.Length; index++)
            {
                if (errors[index] is { } error)
                    await stage.ReportAsync($"{batch[index]}", error);
                else
                    yield return [new Int64Value(batch[index])];
            }
        }
    }

    private static CommandException Unknown(string name, Argument argument) =>
        new($"there is no signal {new ByteString(name)}; there are names such as TERM, HUP and RTMIN+1, and the numbers 0 to 64", argument.Span, status: 2);
}
