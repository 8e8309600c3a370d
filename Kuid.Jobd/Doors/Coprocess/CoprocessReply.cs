using System.Globalization;
using System.Text;

namespace Kuid.Jobd.Doors.Coprocess;

/// <summary>The payloads of replies.</summary>
internal static class CoprocessReply
{
    /// <summary>It was done.</summary>
    internal static byte[] Ok { get; } = "OK"u8.ToArray();

    /// <summary>It was evaluated, and its status is not 0.</summary>
    internal static byte[] Fail { get; } = "FAIL"u8.ToArray();

    /// <summary>It was done, and this is its number: a pid, a status.</summary>
    internal static byte[] Number(int number) => Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"OK {number}"));

    /// <summary>It was done, and this is what it is.</summary>
    internal static byte[] Json(ReadOnlyMemory<byte> json) => [.. "OK "u8, .. json.Span];

    /// <summary>It was not done.</summary>
    internal static byte[] Error(string reason) => Encoding.UTF8.GetBytes("ERROR " + reason);
}
