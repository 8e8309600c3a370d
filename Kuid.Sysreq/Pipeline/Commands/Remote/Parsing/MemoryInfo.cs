using System.Text;

namespace Kuid.Sysreq.Pipeline.Commands.Remote.Parsing;

/// <summary>A line of <c>/proc/meminfo</c> (proc_meminfo(5)), such as <c>MemTotal:  16316412 kB</c>.</summary>
/// <param name="Name">What is counted.</param>
/// <param name="Amount">Bytes where the line has a unit, else a plain number.</param>
internal sealed record MemoryInfo(string Name, long Amount)
{
    /// <summary>Understands a line.</summary>
    public static Parsed<MemoryInfo> Parse(ReadOnlySpan<byte> line)
    {
        var colon = line.IndexOf((byte)':');
        if (colon < 1)
            return Parsed.Bad<MemoryInfo>("there is no name before a colon", line);

        var fields = new Fields(line[(colon + 1)..]);
        if (!fields.TryNextNumber(out var amount) || amount < 0)
            return Parsed.Bad<MemoryInfo>("there is no amount", line);

        if (fields.Rest.SequenceEqual("kB"u8))
        {
            if (amount > long.MaxValue / 1024)
                return Parsed.Bad<MemoryInfo>("the amount is out of range", line);

            amount *= 1024;
        }
        else if (!fields.Rest.IsEmpty)
        {
            return Parsed.Bad<MemoryInfo>("the unit is not kB", line);
        }

        return Parsed.Of(new MemoryInfo(Encoding.Latin1.GetString(line[..colon]), amount));
    }
}
