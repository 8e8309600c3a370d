namespace Kuid.Cli.Printing;

/// <summary>How data is printed; the words of <c>-o</c>.</summary>
internal enum OutputFormat
{
    /// <summary>For people; in a pipe, fields between tabs.</summary>
    Table,

    /// <summary>One indented JSON document, with every member that the daemon sent.</summary>
    Json,

    /// <summary>One JSON document a line.</summary>
    Ndjson,

    /// <summary>One id a line.</summary>
    Id,
}
