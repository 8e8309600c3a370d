using Kuid.Sysreq.Pipeline.Evaluation;
using Kuid.Sysreq.Pipeline.Rows;

namespace Kuid.Sysreq.Pipeline.Commands.Shell;

/// <summary><c>wait</c>: until background jobs have ended.</summary>
internal sealed class WaitCommand : Command
{
    /// <inheritdoc/>
    public override string Name => "wait";

    /// <inheritdoc/>
    public override CommandHelp Help { get; } = new()
    {
        Synopsis = "wait [JOB...]",
        Summary = "Waits for background jobs, or for all that this shell began.",
        Remarks = "JOB is what $! was. The status is that of the last one named, 127 for one that there is not, and 0 without any.",
        Examples = ["sleep 1 & sleep 2 & wait", "sleep 1 & wait $!"],
    };

    /// <inheritdoc/>
    public override RowSource Bind(CommandCall call)
    {
        var arguments = new ArgumentReader(call, Help);
        List<(int Id, Argument Argument)> ids = [.. arguments.Operands.Select(operand => ((int)arguments.Integer(operand, "JOB", 1, int.MaxValue), operand))];
        return new ShellAction(async (context, cancellation) =>
        {
            BackgroundJobs jobs = context.Shell.Jobs;
            if (ids.Count == 0)
            {
                await jobs.WaitAsync(cancellation);
            }

            foreach ((int id, Argument argument) in ids)
            {
                context.Status = jobs.All.FirstOrDefault(job => job.Id == id) is { } job
                    ? await jobs.WaitAsync(job, cancellation)
                    : throw new CommandException($"this shell has no background job {id}", argument.Span, status: 127);
            }
        });
    }
}
