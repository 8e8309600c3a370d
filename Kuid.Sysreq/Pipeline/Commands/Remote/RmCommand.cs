using Kuid.Sysreq.Pipeline.Rows;
using Kuid.Sysreq.Pipeline.Values;
using Kuid.Sysreq.Remote;

namespace Kuid.Sysreq.Pipeline.Commands.Remote;

/// <summary><c>rm</c>: removes files.</summary>
internal sealed class RmCommand : Command
{
    /// <inheritdoc/>
    public override string Name => "rm";

    /// <inheritdoc/>
    public override CommandHelp Help { get; } = new()
    {
        Synopsis = "rm [-r] [-f] PATH...",
        Summary = "Removes files, links themselves and not their targets.",
        Remarks = $"The root, . and .. are never removed, nor is anything more than {TreeRemoval.DeepestLevel} directories below a PATH.",
        Options = [("-r", "directories too, with all that is in them"), ("-f", "what does not exist is no error")],
        Examples = ["rm notes.old", "rm -rf build", "ls | where mtime < 2026-01-01 | xargs rm"],
    };

    /// <inheritdoc/>
    public override RowSource Bind(CommandCall call)
    {
        var arguments = new ArgumentReader(call, Help);
        var force = arguments.Has("-f");
        if (!force)
            arguments.NeedAtLeast(1, "PATH");

        foreach (var operand in arguments.Operands)
        {
            if (PathArguments.LastPart(arguments.Path(operand)).TryDecode() is "" or "." or ".." && arguments.Path(operand).Length > 0)
                throw arguments.Refusal($"{arguments.Path(operand)} is never removed", operand);
        }

        var paths = arguments.Paths();
        var recursive = arguments.Has("-r");
        return RemoteRows.None(this, stage => RemoveAsync(stage, paths, recursive, force));
    }

    private static async Task RemoveAsync(RemoteStage stage, IReadOnlyList<ByteString> paths, bool recursive, bool force)
    {
        foreach (var batch in paths.Chunk(RemoteStage.BatchSize))
        {
            var errors = await stage.System.UnlinkAllAsync(batch, cancellationToken: stage.Cancellation);
            for (var index = 0; index < batch.Length; index++)
            {
                if (errors[index] is not { } error || (force && error.Error == Errno.ENOENT))
                    continue;

                if (error.Error != Errno.EISDIR)
                    await stage.ReportAsync(batch[index], error);
                else if (recursive)
                    await new TreeRemoval(stage, force).RemoveAsync(batch[index]);
                else
                    await stage.Context.ReportAsync(
                        new ErrorValue(stage.Command, $"{batch[index]}: is a directory, which takes -r", error.ErrnoName));
            }
        }
    }
}
