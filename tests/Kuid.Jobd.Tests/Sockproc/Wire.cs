using System.Text;

namespace Kuid.Jobd.Tests.Sockproc;

/// <summary>Bytes as a test writes and shows them: one character a byte, nothing decoded.</summary>
internal static class Wire
{
    internal static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);

    internal static string Text(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);

    /// <summary>The same for a failure message: what cannot be printed as \xNN, and a long one cut.</summary>
    internal static string Show(ReadOnlySpan<byte> bytes)
    {
        const int Longest = 400;
        var shown = new StringBuilder("\"");
        foreach (byte b in bytes[..Math.Min(bytes.Length, Longest)])
        {
            _ = b is >= 0x20 and < 0x7f ? shown.Append((char)b) : shown.Append("\\x").Append(b.ToString("x2", null));
        }

        return shown.Append(bytes.Length > Longest ? $"\"... {bytes.Length} bytes" : "\"").ToString();
    }
}
