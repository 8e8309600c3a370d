using System.Runtime.CompilerServices;
using Kuid.Sysreq.Pipeline.Rows;
using Kuid.Sysreq.Pipeline.Values;

namespace Kuid.Sysreq.Pipeline.Evaluation;

/// <summary>
/// A command as a stage: its redirections around it, its failure caught at its own edge. A stage that fails has no more rows, and the
/// stages behind it go on with what came, as they do when a process in a pipe dies.
/// </summary>
/// <param name="command">The bound command.</param>
/// <param name="context">What the command runs with, whichever stage reads it.</param>
/// <param name="redirections">Its redirections.</param>
/// <param name="errors">Collects its errors as rows, when they are sent where its rows go.</param>
/// <param name="leavesConnectionAlone">Whether it may run on a connection that others use.</param>
internal sealed class CommandStage(
    RowSource command, StageContext context, RedirectionPlan redirections, ErrorRows? errors, bool leavesConnectionAlone) : StageSource
{
    private readonly bool _staysInPipeline = redirections.Output == Destination.Output;
    private int _demanded;

    /// <inheritdoc/>
    public override IReadOnlyList<Column> Columns => errors is null ? Shown : ErrorRows.WithColumn(Shown);

    /// <inheritdoc/>
    public override IReadOnlyList<Column> OnDemand => _staysInPipeline ? command.OnDemand : [];

    /// <summary>What of the command's columns stays in the pipeline: nothing when its rows go to a file.</summary>
    private IReadOnlyList<Column> Shown => _staysInPipeline ? command.Columns : [];

    /// <summary>The status that it ended with.</summary>
    public int Status => context.Status;

    /// <inheritdoc/>
    public override (int Index, Column Column)? Find(string name)
    {
        if (errors is not null && name == ErrorRows.Column.Name)
        {
            return (Shown.Count, ErrorRows.Column);
        }

        if (!_staysInPipeline || command.Find(name) is not { } place)
        {
            return null;
        }

        _demanded = Math.Max(_demanded, place.Index + 1 - Shown.Count);
        return errors is not null && place.Index >= Shown.Count ? (place.Index + 1, place.Column) : place;
    }

    /// <inheritdoc/>
    protected override async IAsyncEnumerable<Value[]> RowsAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        OpenRedirections? open = null;
        if (await TryAsync(async () => open = await OpenAsync(cancellation)) && open is not null)
        {
            try
            {
                await foreach (Value[] row in CommandRowsAsync(cancellation))
                {
                    foreach (Value[] error in Errors())
                    {
                        yield return error;
                    }

                    yield return errors is null ? row : ErrorRows.WithColumn(row, Shown.Count);
                }

                await TryAsync(open.FlushAsync);
            }
            finally
            {
                if (redirections.Input is not null && context.Input is { } input)
                {
                    await input.DisposeAsync();
                }

                await open.DisposeAsync();
            }
        }

        foreach (Value[] error in Errors())
        {
            yield return error;
        }
    }

    private async ValueTask<OpenRedirections> OpenAsync(CancellationToken cancellation)
    {
        if (!leavesConnectionAlone)
        {
            await context.Shell.OwnConnectionAsync(cancellation);
        }

        OpenRedirections open = await OpenRedirections.OpenAsync(redirections, context.System, cancellation);
        context.Streams = open.Apply(context.Streams);
        return open;
    }

    private async IAsyncEnumerable<Value[]> CommandRowsAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        await using IAsyncEnumerator<Value[]> rows = command.ReadAsync(context, cancellation).GetAsyncEnumerator(cancellation);
        if (!_staysInPipeline)
        {
            await TryAsync(() => context.Streams.Output.TakeAsync(command.Columns, rows));
            yield break;
        }

        bool hasRow = false;
        while (await TryAsync(async () => hasRow = await rows.MoveNextAsync()) && hasRow)
        {
            yield return rows.Current;
        }
    }

    private IEnumerable<Value[]> Errors() => errors?.Take(Shown.Count, _demanded) ?? [];

    /// <summary>Does a step; a failure is reported and becomes the status.</summary>
    private async ValueTask<bool> TryAsync(Func<ValueTask> step)
    {
        try
        {
            await step();
            return true;
        }
        catch (Exception failure) when (Failures.IsOfCommand(failure))
        {
            (ErrorValue error, context.Status) = Failures.Of(failure, context.Name);
            await context.Streams.Errors.ErrorAsync(error);
            return false;
        }
    }
}
