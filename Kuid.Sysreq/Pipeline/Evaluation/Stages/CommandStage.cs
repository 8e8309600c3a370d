using System.Runtime.CompilerServices;
using Kuid.Sysreq.Pipeline.Commands;
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

        return !_staysInPipeline || command.Find(name) is not { } place ? null
            : errors is not null && place.Index >= Shown.Count ? (place.Index + 1, place.Column)
            : place;
    }

    /// <inheritdoc/>
    protected override async IAsyncEnumerable<Value[]> RowsAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        OpenRedirections? open = await TryAsync(() => OpenAsync(cancellation));
        if (open is not null)
        {
            try
            {
                await foreach (Value[] row in CommandRowsAsync(open, cancellation))
                {
                    foreach (Value[] error in Errors())
                    {
                        yield return error;
                    }

                    yield return errors is null ? row : ErrorRows.WithColumn(row, Shown.Count);
                }

                await TryAsync(async () =>
                {
                    await open.FlushAsync();
                    return open;
                });
            }
            finally
            {
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

    private async IAsyncEnumerable<Value[]> CommandRowsAsync(
        OpenRedirections open, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using IAsyncEnumerator<Value[]> rows = command.ReadAsync(context, cancellation).GetAsyncEnumerator(cancellation);
        if (!_staysInPipeline)
        {
            await TryAsync(async () =>
            {
                await context.Streams.Output.TakeAsync(command.Columns, rows);
                return open;
            });
            yield break;
        }

        while (await TryAsync(async () => await rows.MoveNextAsync() ? rows : null) is not null)
        {
            yield return rows.Current;
        }
    }

    private IEnumerable<Value[]> Errors() => errors?.Take(Shown.Count) ?? [];

    private async ValueTask<T?> TryAsync<T>(Func<ValueTask<T?>> step)
        where T : class
    {
        try
        {
            return await step();
        }
        catch (Exception failure) when (Failures.IsOfCommand(failure))
        {
            (ErrorValue error, int status) = Failures.Of(failure, context.Name);
            context.Status = status;
            await context.Streams.Errors.ErrorAsync(error);
            return null;
        }
    }
}
