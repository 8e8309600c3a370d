using System.Runtime.InteropServices;
using Kuid.TestKit;

namespace Kuid.Jobd.Tests.Sockproc;

/// <summary>Damages a request as networks, broken clients and attackers do.</summary>
internal sealed class RequestMutator
{
    private static readonly byte[][] Fragments =
    [
        [.. "\r\n"u8], [.. "\r"u8], [.. "\n"u8], [0], [.. "\r\n\r\n"u8], [.. "0\r\n"u8], [.. "\r\n0\r\n"u8], [.. "-1"u8], [.. "+"u8],
        [.. " "u8], [.. "0x10"u8], [.. "99999999999999999999"u8], [.. "9223372036854775808"u8], [.. "000000000000000000000000"u8],
        [.. " HTTP/1.1"u8], [.. "GET / HTTP/1.1\r\n"u8], [.. "Host: localhost\r\n\r\n"u8], [.. "\""u8], [.. "\\"u8], [0xff],
        [0x16, 0x03, 0x01],
    ];

    private readonly List<byte> _other = [];

    /// <summary>Changes the request once.</summary>
    internal void Mutate(List<byte> request, Dice dice, ReadLimits limits)
    {
        int at = dice.Below(request.Count + 1);
        switch (dice.Below(9))
        {
            case 0 when at < request.Count:
                request[at] ^= (byte)(1 << dice.Below(8));
                break;
            case 1 when at < request.Count:
                request[at] = dice.Byte();
                break;
            case 2:
                request.Insert(at, dice.Byte());
                break;
            case 3:
                // At the start too: that is where a request line of HTTP stands.
                request.InsertRange(dice.OneIn(3) ? 0 : at, Fragments[dice.Below(Fragments.Length)]);
                break;
            case 4:
                request.RemoveRange(at, dice.Below(Math.Min(request.Count - at, 20) + 1));
                break;
            case 5:
                Duplicate(request, at, dice.Below(Math.Min(request.Count - at, 20) + 1));
                break;
            case 6:
                request.RemoveRange(at, request.Count - at);
                break;
            case 7:
                Splice(request, at, dice, limits);
                break;
            default:
                Stretch(request, at, dice, limits);
                break;
        }
    }

    private void Duplicate(List<byte> request, int at, int length)
    {
        _other.Clear();
        _other.AddRange(CollectionsMarshal.AsSpan(request).Slice(at, length));
        request.InsertRange(at, _other);
    }

    // The head of this one and the tail of another.
    private void Splice(List<byte> request, int at, Dice dice, ReadLimits limits)
    {
        _other.Clear();
        RequestGrammar.Append(_other, dice, limits);
        int from = dice.Below(_other.Count + 1);
        request.RemoveRange(at, request.Count - at);
        request.AddRange(CollectionsMarshal.AsSpan(_other)[from..]);
    }

    /// <summary>Repeats one byte until some part is about as long as it may be.</summary>
    private static void Stretch(List<byte> request, int at, Dice dice, ReadLimits limits)
    {
        bool count = dice.OneIn(2);
        int longest = count ? 34 : limits.Command < 1000 || dice.OneIn(500) ? limits.Command : 64;
        int length = Math.Max(0, longest + dice.Below(5) - 2 - (dice.OneIn(2) ? at : 0));
        byte fill = dice.Below(4) switch { 0 => (byte)'\r', 1 => (byte)'0', 2 => (byte)'9', _ => dice.Byte() };
        int before = request.Count;
        CollectionsMarshal.SetCount(request, before + length);
        Span<byte> all = CollectionsMarshal.AsSpan(request);
        all[at..before].CopyTo(all[(at + length)..]);
        all.Slice(at, length).Fill(fill);
    }
}
