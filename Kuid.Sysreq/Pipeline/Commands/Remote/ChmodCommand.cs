using Kuid.Sysreq.Pipeline.Commands.Remote.Parsing;
using Kuid.Sysreq.Pipeline.Rows;
using Kuid.Sysreq.Pipeline.Values;
using Kuid.Sysreq.Remote;

namespace Kuid.Sysreq.Pipeline.Commands.Remote;

/// <summary><c>chmod</c>: changes permissions.</summary>
internal sealed class ChmodCommand : Command
{
    /// <inheritdoc/>
    public override string Name => "chmod";

    /// <inheritdoc/>
    public override CommandHelp Help { get; } = new()
    {
        Synopsis = "chmod MODE PATH...",
        Summary = "Changes permissions.",
        Remarks = "MODE is octal, or clauses separated by commas: any of u, g, o and a, then +, - or =, then any of r, w, x, X, s and t, or one "
            + "of u, g and o. A clause that names nobody leaves alone what the mask of new files does. Links are followed.",
        Examples = ["chmod 644 notes", "chmod u+rwX,go-w *", "ls | where mode == 0777 | xargs chmod o-w"],
    };

    /// <inheritdoc/>
    public override RowSource Bind(CommandCall call)
    {
        // -x takes a permission away: it is no option, and there are none.
        var isMode = call.Arguments is [var first, ..] && ArgumentReader.Text(first) != "--" && Change(first) is not null;
        var arguments = new ArgumentReader(isMode ? call with { Arguments = [.. call.Arguments.Skip(1)] } : call, Help);
        if (!isMode && arguments.OperandAt(0) is { } given && Change(given) is null)
            throw arguments.Refusal(
                $"MODE is octal up to 7777, or such as u+rw,go-w, not {new ByteString(ArgumentReader.Text(given))}", given);

        var mode = isMode ? call.Arguments[0] : arguments.OperandAt(0);
        if (mode is null && !call.AwaitsArguments)
            throw arguments.Refusal("needs MODE and at least one PATH");

        var paths = arguments.Paths(isMode ? 0 : 1);
        if (paths.Count == 0 && !call.AwaitsArguments)
            throw arguments.Refusal("needs at least one PATH after MODE");

        return RemoteRows.None(this, stage => ChangeAsync(stage, Change(mode!.Value)!, paths));
    }

    private static ModeChange? Change(Argument argument) => argument.Value is ModeValue mode
        ? ModeChange.To(mode.Bits & ModeText.Permissions)
        : ModeChange.Parse(ArgumentReader.Text(argument));

    private static async Task ChangeAsync(RemoteStage stage, ModeChange change, IReadOnlyList<ByteString> paths)
    {
        if (change.Absolute is { } mode)
        {
            await stage.ForEachAsync(paths, path => stage.System.ChangeModeAsync(path, (int)mode, stage.Cancellation));
            return;
        }

        var mask = change.NeedsMask ? await FileModeMask.ReadAsync(stage) : 0;
        foreach (var batch in paths.Chunk(RemoteStage.BatchSize))
        {
            var known = new List<(ByteString Path, FileStatus Status)>();
            var statuses = await stage.System.StatAllAsync(batch, true, stage.Cancellation);
            for (var index = 0; index < batch.Length; index++)
            {
                if (statuses[index].Error is { } error)
                    await stage.ReportAsync(batch[index], error);
                else
                    known.Add((batch[index], statuses[index].Value));
            }

            await stage.ForEachAsync(known, file => file.Path, file =>
            {
                var bits = change.Apply(file.Status.Mode, file.Status.Kind == FileKind.Directory, mask);
                return stage.System.ChangeModeAsync(file.Path, (int)bits, stage.Cancellation);
            });
        }
    }
}
