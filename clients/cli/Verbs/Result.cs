using System.CommandLine;
using Kuid.Cli.Api;
using Kuid.Cli.Printing;
using Kuid.Sysreq.Pipeline.Formats;
using Kuid.Sysreq.Pipeline.Rows;

namespace Kuid.Cli.Verbs;

/// <summary><c>kuid result</c>: the rows of a job of kind pipeline.</summary>
internal static class Result
{
    private const string Details =
        "Errors go to standard error. A job that still runs has the rows that it has given so far; kuid wait waits for its end and exits "
        + "with its status. A script with several pipelines has as many results, and this is the last unless --index says another.";

    /// <summary>The verb.</summary>
    internal static Verb Create(DaemonOptions daemonOptions)
    {
        Argument<string> id = Operands.Id();
        var index = new Option<string?>("--index") { Description = "Which result, from 0. Default: the last.", HelpName = "N" };
        Option<string?> output = RowOutput.Option();
        var verb = new Verb("result", "Print the rows of a pipeline job.", Details) { Arguments = { id }, Options = { index, output } };
        verb.SetAction(async (words, cancellation) =>
        {
            long number = Operands.ReadId(words.GetRequiredValue(id));
            long? which = Operands.ReadNumber("--index", words.GetValue(index), 0, int.MaxValue);
            string format = RowOutput.Read(words.GetValue(output));
            using DaemonClient daemon = daemonOptions.Open(words);
            PipelineResult result = await daemon.ResultAsync(number, which, cancellation);
            await PrintAsync(result, format);
            Tell(number, result, hasIndex: which is not null);
            return ExitCode.Ok;
        });
        return verb;
    }

    private static async Task PrintAsync(PipelineResult result, string format)
    {
        await using StreamSink sink = RowOutput.Open(format);
        foreach (ResultError error in result.Errors)
        {
            await sink.ErrorAsync(new(error.Host is null ? error.Command : $"{error.Host}: {error.Command}", error.Message));
        }

        if (result.Index is null)
        {
            return;
        }

        Column[] columns = [.. result.Columns.Select(ResultRows.Column)];
        await sink.BeginAsync(columns);
        foreach (IReadOnlyList<System.Text.Json.JsonElement> row in result.Rows)
        {
            await sink.RowAsync(ResultRows.Row(row, columns));
        }

        await sink.EndAsync();
    }

    private static void Tell(long id, PipelineResult result, bool hasIndex)
    {
        if (!result.Complete)
        {
            Talk.Line($"job {id} has not ended; these are its rows so far");
        }

        if (result.Truncated)
        {
            Talk.Line($"the middle of job {id}'s output was not kept; rows are missing");
        }

        if (result.Results > 1 && !hasIndex)
        {
            Talk.Line($"this is the last of {result.Results} results; --index shows the others");
        }
    }
}
