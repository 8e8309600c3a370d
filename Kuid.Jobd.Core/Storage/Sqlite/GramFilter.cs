using System.Buffers.Binary;

namespace Kuid.Jobd.Core.Storage.Sqlite;

/// <summary>
/// A Bloom filter of the n-grams in some texts: it says of a text either that none of them contains it, or that one may.
/// </summary>
/// <remarks>
/// It is kept in parts, and a gram lies in one of them, so that looking for it reads a sixteenth of the filter. A text is looked for by
/// the longest grams that fit in it: those are the rarest.
/// </remarks>
internal sealed class GramFilter
{
    /// <summary>How many parts it has.</summary>
    internal const int Parts = 16;

    private const int PartBits = 4096;

    // A quarter: one gram in sixty-four is then there by mistake (three bits each).
    private const int FullAt = Parts * PartBits / 4;

    // A gram is held against the filters of the whole history, and the first that is missing settles it.
    private const int MostGrams = 8;

    // Longest first.
    private static readonly int[] Lengths = [5, 3, 2, 1];

    private readonly byte[] _bits = new byte[Parts * PartBits / 8];
    private int _set;

    /// <summary>Whether it would tell little more of other texts.</summary>
    internal bool IsFull => _set >= FullAt;

    /// <summary>Whether it tells anything at all.</summary>
    internal bool IsUseful => _set < 2 * FullAt;

    /// <summary>The grams that a text is looked for by; none for the empty one, which is in all.</summary>
    internal static IReadOnlyList<long> GramsOf(ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty)
        {
            return [];
        }

        int length = 0;
        foreach (int candidate in Lengths)
        {
            length = Math.Max(length, candidate <= text.Length ? candidate : 0);
        }

        int places = text.Length - length + 1;
        int grams = Math.Min(places, MostGrams);
        var all = new List<long>(grams);
        for (int i = 0; i < grams; i++)
        {
            all.Add((long)Hash(Bytes(text[(grams == 1 ? 0 : i * (places - 1) / (grams - 1))..]), length));
        }

        return [.. all.Distinct()];
    }

    /// <summary>The part that a gram lies in.</summary>
    internal static int PartOf(long gram) => (int)((ulong)gram >> 60);

    /// <summary>Whether the texts may have a gram.</summary>
    /// <param name="part">The part that it lies in; null when there is none, which tells nothing.</param>
    internal static bool MayHave(byte[]? part, long gram) =>
        part is not { Length: PartBits / 8 } || (Has(part, First(gram)) && Has(part, Second(gram)) && Has(part, Third(gram)));

    /// <summary>Adds the grams of a text, until more would make the filter useless.</summary>
    internal void Add(ReadOnlySpan<byte> text)
    {
        for (int at = 0; at < text.Length && IsUseful; at++)
        {
            ulong bytes = Bytes(text[at..]);
            foreach (int length in Lengths)
            {
                if (at + length <= text.Length)
                {
                    Set((long)Hash(bytes, length));
                }
            }
        }
    }

    /// <summary>One of its parts.</summary>
    internal byte[] Part(int part) => _bits[(part * PartBits / 8)..((part + 1) * PartBits / 8)];

    // The first eight, or what there is and zeros.
    private static ulong Bytes(ReadOnlySpan<byte> text)
    {
        if (text.Length >= sizeof(ulong))
        {
            return BinaryPrimitives.ReadUInt64LittleEndian(text);
        }

        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        bytes.Clear();
        text.CopyTo(bytes);
        return BinaryPrimitives.ReadUInt64LittleEndian(bytes);
    }

    // Of the first bytes and their number, multiplied twice with the constants of MurmurHash3's end: each bit depends on all of them.
    private static ulong Hash(ulong bytes, int length)
    {
        ulong hash = (bytes & ((1UL << (8 * length)) - 1)) | ((ulong)length << 56);
        hash = (hash ^ (hash >> 33)) * 0xff51afd7ed558ccd;
        hash = (hash ^ (hash >> 33)) * 0xc4ceb9fe1a85ec53;
        return hash ^ (hash >> 33);
    }

    private static int First(long gram) => (int)gram & (PartBits - 1);

    private static int Second(long gram) => (int)(gram >> 12) & (PartBits - 1);

    private static int Third(long gram) => (int)(gram >> 24) & (PartBits - 1);

    private static bool Has(byte[] part, int bit) => (part[bit >> 3] & (1 << (bit & 7))) != 0;

    private void Set(long gram)
    {
        Span<byte> part = _bits.AsSpan(PartOf(gram) * PartBits / 8, PartBits / 8);
        Set(part, First(gram));
        Set(part, Second(gram));
        Set(part, Third(gram));
    }

    private void Set(Span<byte> part, int bit)
    {
        int mask = 1 << (bit & 7);
        if ((part[bit >> 3] & mask) == 0)
        {
            part[bit >> 3] |= (byte)mask;
            _set++;
        }
    }
}
