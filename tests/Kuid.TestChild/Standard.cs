using System.Text;

namespace Kuid.TestChild;

/// <summary>One of the standard output streams, unbuffered: each call is one write(2), so a test knows what has left.</summary>
internal sealed class Standard
{
    private readonly Stream _stream;

    private Standard(Stream stream) => _stream = stream;

    internal static Standard Output { get; } = new(Console.OpenStandardOutput());

    internal static Standard Error { get; } = new(Console.OpenStandardError());

    internal static Standard Of(string name) => name == "stderr" ? Error : Output;

    internal void Say(string line) => Write(Encoding.UTF8.GetBytes(line + "\n"));

    internal void Write(ReadOnlySpan<byte> bytes) => _stream.Write(bytes);
}
