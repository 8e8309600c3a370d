using System.Globalization;

namespace Kuid.TestChild.Verbs;

/// <summary>Writes so many bytes to a stream: byte n is n mod 251, so that a lost or doubled piece shows.</summary>
internal static class Flood
{
    private const int Period = 251;

    internal static int Run(string stream, string bytes)
    {
        byte[] pattern = new byte[Period * 256];
        for (int i = 0; i < pattern.Length; i++)
        {
            pattern[i] = (byte)(i % Period);
        }

        long left = long.Parse(bytes, CultureInfo.InvariantCulture);
        while (left > 0)
        {
            int n = (int)Math.Min(left, pattern.Length);
            Standard.Of(stream).Write(pattern.AsSpan(0, n));
            left -= n;
        }

        return 0;
    }
}
