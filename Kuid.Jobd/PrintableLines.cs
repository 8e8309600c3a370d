using System.Globalization;
using System.Text;

namespace Kuid.Jobd;

/// <summary>
/// Passes lines of the log on with the control characters in them written out, <c>\x1b</c>: what peers send stands in these
/// lines, and would otherwise move the cursor of whoever reads them. It does not own what it writes to.
/// </summary>
internal sealed class PrintableLines(TextWriter lines) : TextWriter
{
    /// <inheritdoc/>
    public override Encoding Encoding => lines.Encoding;

    /// <inheritdoc/>
    public override void Write(char value) => Write(value.ToString());

    /// <inheritdoc/>
    public override void Write(string? value) => lines.Write(value is null || !value.Any(IsControl) ? value : Escape(value));

    /// <inheritdoc/>
    public override void Flush() => lines.Flush();

    private static bool IsControl(char c) => char.IsControl(c) && c != '\n';

    private static string Escape(string value)
    {
        var escaped = new StringBuilder();
        foreach (char c in value)
        {
            _ = IsControl(c) ? escaped.Append(CultureInfo.InvariantCulture, $"\\x{(int)c:x2}") : escaped.Append(c);
        }

        return escaped.ToString();
    }
}
