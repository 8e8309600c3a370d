using System.Text.Json;

namespace Kuid.Cli.Api;

/// <summary>What a job of kind pipeline has given: the columns and rows of one of its pipelines, and the errors of all.</summary>
/// <param name="Columns">The columns.</param>
/// <param name="Rows">The rows, each an array with a value for each column.</param>
/// <param name="Errors">What went wrong.</param>
/// <param name="Index">Which of the results it is, from 0; null when there is none.</param>
/// <param name="Results">How many there are.</param>
/// <param name="Complete">Whether no more rows will come.</param>
/// <param name="Truncated">Whether rows are missing in the middle.</param>
internal sealed record PipelineResult(
    IReadOnlyList<ResultColumn> Columns,
    IReadOnlyList<IReadOnlyList<JsonElement>> Rows,
    IReadOnlyList<ResultError> Errors,
    int? Index = null,
    int Results = 0,
    bool Complete = true,
    bool Truncated = false);

/// <summary>A column of a result.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">The kind of its values, in lower case.</param>
internal sealed record ResultColumn(string Name, string Kind);

/// <summary>Something that went wrong.</summary>
/// <param name="Command">The command that says so.</param>
/// <param name="Message">What.</param>
/// <param name="Host">Where; null for a job on one host.</param>
internal sealed record ResultError(string Command, string Message, string? Host = null);
