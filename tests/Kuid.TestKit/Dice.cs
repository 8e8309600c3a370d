namespace Kuid.TestKit;

/// <summary>SplitMix64: the same numbers on every machine and version for a seed and a case, and nothing allocated but itself.</summary>
public sealed class Dice(ulong seed, long round)
{
    private ulong _state = Mix(seed ^ Mix((ulong)round));

    /// <summary>A number from 0 to below the bound.</summary>
    public int Below(int bound)
    {
        _state += 0x9E3779B97F4A7C15;
        return (int)(Mix(_state) % (ulong)bound);
    }

    /// <summary>True once in so many times.</summary>
    public bool OneIn(int times) => Below(times) == 0;

    /// <summary>Any byte.</summary>
    public byte Byte() => (byte)Below(256);

    /// <summary>One of some.</summary>
    public T Of<T>(params ReadOnlySpan<T> choices) => choices[Below(choices.Length)];

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
