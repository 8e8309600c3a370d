using System.Text.Json;

namespace Kuid.Cli.Printing;

/// <summary>What a list of documents of one kind looks like to people, and what names one of them for scripts.</summary>
/// <param name="Identity">The member that <c>-o id</c> prints.</param>
/// <param name="Columns">The columns of the table, with what each takes from a document.</param>
internal sealed record Listing(string Identity, params IReadOnlyList<(string Heading, Func<JsonElement, string> Field)> Columns)
{
    /// <summary>What the colour of a row says, worn by its second field.</summary>
    internal Func<JsonElement, RowColour> Colour { get; init; } = _ => RowColour.Plain;

    /// <summary>The lines, with the names of the columns first.</summary>
    internal string Render(IReadOnlyList<JsonElement> documents, TerminalTable table) => table.Render(
        [.. Columns.Select(column => column.Heading)],
        [.. documents.Select(document => Columns.Select(column => column.Field(document)).ToArray())],
        row => Colour(documents[row]));
}
