using System.Text;

namespace Kuid.Cli.Streams;

/// <summary>Whole lines to a descriptor, each with the same prefix and in one write, so that those of others stand between lines only.</summary>
/// <param name="prefix">What stands in front of each.</param>
/// <param name="fd">Where they go.</param>
internal sealed class PrefixedLines(string prefix, int fd)
{
    // A line without an end would be kept for ever.
    private const int LongestLine = 64 * 1024;

    private readonly byte[] _prefix = Encoding.UTF8.GetBytes(prefix);
    private readonly List<byte> _line = [];

    /// <summary>Takes a piece, and writes the lines that it ends.</summary>
    internal void Write(ReadOnlyMemory<byte> piece)
    {
        ReadOnlySpan<byte> rest = piece.Span;
        int end;
        while ((end = rest.IndexOf((byte)'\n')) >= 0)
        {
            _line.AddRange(rest[..end]);
            End(always: true);
            rest = rest[(end + 1)..];
        }

        _line.AddRange(rest);
        if (_line.Count > LongestLine)
        {
            End();
        }
    }

    /// <summary>Writes what is there of a line without an end.</summary>
    internal void End() => End(always: false);

    private void End(bool always)
    {
        if (always || _line.Count > 0)
        {
            Descriptor.Write(fd, [.. _prefix, .. _line, (byte)'\n']);
            _line.Clear();
        }
    }
}
