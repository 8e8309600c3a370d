using System.Collections.Frozen;
using System.Globalization;

namespace Kuid.Sysreq.Remote;

/// <summary>What differs between machines: the numbers of system calls and a few flags. Structures are read by <see cref="ReplyDecoder"/>.</summary>
public sealed class Architecture
{
    /// <summary>x86-64.</summary>
    public static readonly Architecture X8664 = new("x86_64", 62, X8664Calls.Numbers);

    /// <summary>aarch64.</summary>
    public static readonly Architecture Aarch64 = new("aarch64", 183, Aarch64Calls.Numbers);

    private readonly FrozenDictionary<string, long> _numbers;
    private readonly FrozenDictionary<long, string> _names;

    private Architecture(string name, int machine, string table)
    {
        Name = name;
        Machine = machine;
        var calls = Read(table);
        _numbers = calls.ToFrozenDictionary(call => call.Name, call => call.Number, StringComparer.Ordinal);
        _names = calls.ToFrozenDictionary(call => call.Number, call => call.Name);
        Calls = new SystemCalls(this);
    }

    /// <summary>The name that uname gives the machine.</summary>
    public string Name { get; }

    /// <summary>Its e_machine in ELF files.</summary>
    public int Machine { get; }

    /// <summary>The names of all calls.</summary>
    public IReadOnlyCollection<string> CallNames => _numbers.Keys;

    /// <summary>The calls that the library itself makes.</summary>
    internal SystemCalls Calls { get; }

    /// <summary>The machine of an e_machine number, or null.</summary>
    public static Architecture? OfMachine(int machine) => machine switch
    {
        62 => X8664,
        183 => Aarch64,
        _ => null,
    };

    /// <summary>The machine of a name of uname's, or null.</summary>
    public static Architecture? OfName(string name) => name switch
    {
        "x86_64" => X8664,
        "aarch64" => Aarch64,
        _ => null,
    };

    /// <summary>The call of a name, such as <c>openat</c>, or null where this machine has none.</summary>
    public SystemCall? FindCall(string name) => _numbers.TryGetValue(name, out var number) ? new SystemCall(name, number) : null;

    /// <summary>The name of a number; <c>nr9999</c> where it has none.</summary>
    public string NameOf(long number) => _names.TryGetValue(number, out var name)
        ? name
        : string.Create(CultureInfo.InvariantCulture, $"nr{number}");

    /// <summary>The flags as this machine has them: O_DIRECTORY and O_NOFOLLOW have other bits on aarch64 (arch/arm64's fcntl.h).</summary>
    public int Translate(OpenFlags flags)
    {
        const int MovedBits = (int)(OpenFlags.Directory | OpenFlags.NoFollow);
        var bits = (int)flags;
        if (Machine != Aarch64Machine)
            return bits;

        bits &= ~MovedBits;
        bits |= flags.HasFlag(OpenFlags.Directory) ? 0x4000 : 0;
        bits |= flags.HasFlag(OpenFlags.NoFollow) ? 0x8000 : 0;
        return bits;
    }

    private const int Aarch64Machine = 183;

    private static List<SystemCall> Read(string table)
    {
        var calls = new List<SystemCall>();
        var number = 0L;
        foreach (var word in table.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            if (long.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var start))
                number = start;
            else
                calls.Add(new SystemCall(word, number++));
        }

        return calls;
    }
}
