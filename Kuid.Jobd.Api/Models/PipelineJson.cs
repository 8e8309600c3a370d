namespace Kuid.Jobd.Api.Models;

/// <summary>A column; the contract's Column.</summary>
internal sealed record ColumnJson(string Name, string Kind);

/// <summary>An option of a command; the contract's CommandOption.</summary>
internal sealed record CommandOptionJson(string Option, string Meaning);

/// <summary>A command of the language; the contract's Command.</summary>
internal sealed record CommandJson
{
    public required string Name { get; init; }

    public required string Synopsis { get; init; }

    public required string Summary { get; init; }

    public required string Remarks { get; init; }

    public required IReadOnlyList<CommandOptionJson> Options { get; init; }

    public required IReadOnlyList<ColumnJson> Columns { get; init; }

    public required IReadOnlyList<ColumnJson> OnDemand { get; init; }

    public required string? ColumnsRemark { get; init; }

    public required IReadOnlyList<string> Examples { get; init; }
}

/// <summary>All commands; the contract's CommandList.</summary>
internal sealed record CommandListJson(IReadOnlyList<CommandJson> Items);

/// <summary>The body of checkPipeline.</summary>
internal sealed record PipelineCheckRequest
{
    /// <summary>The pipeline.</summary>
    public required string Pipeline { get; init; }
}

/// <summary>What is wrong with a pipeline and what it uses; the contract's PipelineCheck.</summary>
internal sealed record PipelineCheckJson(bool Valid, IReadOnlyList<PipelineErrorJson> Errors, IReadOnlyList<CommandUseJson> Commands);

/// <summary>A place where a pipeline cannot be read; the contract's PipelineError.</summary>
internal sealed record PipelineErrorJson(int Line, int Column, int EndLine, int EndColumn, string Message);

/// <summary>A command that a pipeline uses; the contract's CommandUse.</summary>
internal sealed record CommandUseJson(string Name, int Line, int Column, bool Known);
