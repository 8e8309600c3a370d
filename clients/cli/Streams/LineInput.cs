using System.Text;

namespace Kuid.Cli.Streams;

/// <summary>Standard input line by line, as the lines come: what is behind a line is not waited for.</summary>
internal sealed class LineInput
{
    private const int PieceBytes = 4096;

    private readonly byte[] _piece = new byte[PieceBytes];
    private readonly List<byte> _rest = [];
    private bool _hasEnded;

    /// <summary>The next line, without its end; null behind the last.</summary>
    internal string? Next()
    {
        int end;
        while ((end = _rest.IndexOf((byte)'\n')) < 0 && !_hasEnded)
        {
            int n = Descriptor.Read(Descriptor.Stdin, _piece);
            _hasEnded = n == 0;
            _rest.AddRange(_piece.AsSpan(0, n));
        }

        if (end < 0 && _rest.Count == 0)
        {
            return null;
        }

        byte[] line = [.. _rest.Take(end < 0 ? _rest.Count : end)];
        _rest.RemoveRange(0, Math.Min(_rest.Count, line.Length + 1));
        return Encoding.UTF8.GetString(line);
    }
}
