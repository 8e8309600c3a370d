using System.Buffers;
using Kuid.Sysreq.Pipeline.Rows;
using Kuid.Sysreq.Pipeline.Values;

namespace Kuid.Sysreq.Pipeline.Formats;

/// <summary>
/// Aligned columns below a header, for people. Nothing in it makes a terminal do anything: what does not print is written out. The
/// bytes of a lone <c>data</c> column are shown as the text that they are.
/// </summary>
/// <remarks>
/// The first rows decide the widths: a hundred of them, fewer when the caller no longer waits (<see cref="Settle"/>). A later value
/// that is wider pushes the rest of its row, and nothing is cut off. One very wide value does not push the other rows.
/// </remarks>
public sealed class TableFormat(IBufferWriter<byte> output) : HeadedFormat(output)
{
    private const int RowsThatDecide = 100;
    private const int WidestColumn = 60;
    private const string Gap = "  ";

    private readonly List<string[]> _held = [];
    private string[] _header = [];
    private bool[] _isAtTheRight = [];
    private int[]? _widths;
    private VisibleData? _data;

    /// <inheritdoc/>
    public override void Settle()
    {
        if (_header.Length == 0 || _widths is not null || _held.Count == 0)
            return;

        DecideWidths();
    }

    /// <inheritdoc/>
    protected override void BeginRows(IReadOnlyList<Column> columns)
    {
        _data = DataColumn.IsOnlyOne(columns) ? new VisibleData() : null;
        _header = [.. columns.Select(column => VisibleText.Of(column.Name))];
        _isAtTheRight = [.. columns.Select(column => ValueDisplay.IsAtTheRight(column.Kind))];
        _widths = null;
    }

    /// <inheritdoc/>
    protected override void WriteRow(ReadOnlySpan<Value> row)
    {
        if (_data is not null)
        {
            Write(_data.Next(ValueText.BytesOf(row[0]).Span));
            return;
        }

        string[] cells = new string[row.Length];
        for (int index = 0; index < row.Length; index++)
            cells[index] = ValueDisplay.Of(row[index]);

        if (_widths is not null)
        {
            WriteLine(cells, _widths);
            return;
        }

        _held.Add(cells);
        if (_held.Count == RowsThatDecide)
            DecideWidths();
    }

    /// <inheritdoc/>
    protected override void EndRows()
    {
        if (_data is not null)
            Write(_data.End());
        else if (_widths is null)
            DecideWidths();
    }

    private void DecideWidths()
    {
        _widths = new int[_header.Length];
        foreach (string[] cells in _held.Prepend(_header))
        {
            for (int index = 0; index < cells.Length; index++)
                _widths[index] = Math.Max(_widths[index], Math.Min(DisplayWidth.Of(cells[index]), WidestColumn));
        }

        WriteLine(_header, _widths);
        foreach (string[] cells in _held)
            WriteLine(cells, _widths);

        _held.Clear();
    }

    private void WriteLine(string[] cells, int[] widths)
    {
        for (int index = 0; index < cells.Length; index++)
        {
            string padding = new(' ', Math.Max(0, widths[index] - DisplayWidth.Of(cells[index])));
            bool isLast = index == cells.Length - 1;
            if (_isAtTheRight[index])
                Write(padding + cells[index] + (isLast ? "" : Gap));
            else
                Write(cells[index] + (isLast ? "" : padding + Gap));
        }

        Output.Write("\n"u8);
    }
}
