using System.Runtime.CompilerServices;
using Kuid.Sysreq.Pipeline.Evaluation;
using Kuid.Sysreq.Pipeline.Rows;
using Kuid.Sysreq.Pipeline.Values;

namespace Kuid.Sysreq.Pipeline.Commands.Shell;

/// <summary>A stage that does something to the shell that it runs in and gives no rows.</summary>
/// <param name="act">Does it.</param>
internal sealed class ShellAction(Func<StageContext, CancellationToken, ValueTask> act) : OwnRowsSource([])
{
    /// <summary>One that does it at once.</summary>
    public static ShellAction Of(Action<StageContext> act) => new((context, _) =>
    {
        act(context);
        return ValueTask.CompletedTask;
    });

    /// <inheritdoc/>
    public override async IAsyncEnumerable<Value[]> ReadAsync(
        CommandContext context, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await act((StageContext)context, cancellation);
        yield break;
    }
}
