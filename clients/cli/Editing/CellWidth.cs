using Spectre.Console.Rendering;

namespace Kuid.Cli.Editing;

/// <summary>How many cells of a terminal a text takes: two for a wide character, none for an accent.</summary>
internal static class CellWidth
{
    /// <summary>The number of cells.</summary>
    internal static int Of(string text) => text is [>= ' ' and < (char)0x7F] ? 1 : new Segment(text).CellCount();
}
