using System.Collections.Frozen;
using Kuid.Sysreq.Pipeline.Rows;
using Kuid.Sysreq.Pipeline.Values;

namespace Kuid.Sysreq.Pipeline.Commands.Remote.Parsing;

/// <summary>
/// The first 39 fields of <c>/proc/PID/stat</c> (proc_pid_stat(5)), under the names that pstat has always had for them.
/// </summary>
/// <remarks>
/// The second field is the name of the program in parentheses, and a program names itself as it likes: with blanks, newlines and
/// closing parentheses. No later field has a parenthesis, so the name ends at the last one.
/// </remarks>
internal static class ProcessStat
{
    private const int CommIndex = 1;
    private const int StateIndex = 2;

    /// <summary>All of them, in their order. Times are in clock ticks, <c>rss</c> in pages, <c>vsize</c> in bytes, as the kernel has them.</summary>
    public static IReadOnlyList<Column> Columns { get; } =
    [
        Signed("pid"), new("comm", ValueKind.String), new("state", ValueKind.String), Signed("ppid"),
        Signed("pgid"), Signed("sid"), Signed("tty"), Signed("tpgid"),
        Unsigned("flags"), Unsigned("min_flt"), Unsigned("cmin_flt"), Unsigned("maj_flt"), Unsigned("cmaj_flt"),
        Unsigned("utime"), Unsigned("stime"), Signed("cutime"), Signed("cstime"),
        Signed("priority"), Signed("nice"), Signed("timeout"), Signed("it_real_value"),
        Unsigned("start_time"), Unsigned("vsize"), Signed("rss"), Unsigned("rss_rlim"),
        Unsigned("start_code"), Unsigned("end_code"), Unsigned("start_stack"), Unsigned("kstk_esp"), Unsigned("kstk_eip"),
        Unsigned("signal"), Unsigned("blocked"), Unsigned("sigignore"), Unsigned("sigcatch"),
        Unsigned("wchan"), Unsigned("nswap"), Unsigned("cnswap"), Signed("exit_signal"), Signed("cpu_last_seen_on"),
    ];

    private static readonly FrozenDictionary<string, int> Indexes =
        Columns.Select((column, index) => (column.Name, index)).ToFrozenDictionary(item => item.Name, item => item.index, StringComparer.Ordinal);

    /// <summary>Where a column stands.</summary>
    public static int IndexOf(string column) => Indexes[column];

    /// <summary>The values of <see cref="Columns"/>.</summary>
    public static Parsed<Value[]> Parse(ReadOnlySpan<byte> text)
    {
        var open = text.IndexOf((byte)'(');
        var close = text.LastIndexOf((byte)')');
        if (open < 0 || close < open)
            return Parsed.Bad<Value[]>("there is no name in parentheses", text);

        var values = new Value[Columns.Count];
        if (!TryValue(0, text[..open].TrimEnd((byte)' '), out values[0]))
            return Parsed.Bad<Value[]>("it does not begin with a number", text);

        values[CommIndex] = Value.FromBytes(text[(open + 1)..close]);
        var fields = new Fields(text[(close + 1)..].TrimEnd((byte)'\n'));
        for (var index = StateIndex; index < values.Length; index++)
        {
            if (!fields.TryNext(out var field))
                return Parsed.Bad<Value[]>($"it ends before {Columns[index].Name}", text);

            if (!TryValue(index, field, out values[index]))
                return Parsed.Bad<Value[]>($"{Columns[index].Name} is no number", text);
        }

        return Parsed.Of(values);
    }

    private static bool TryValue(int index, ReadOnlySpan<byte> field, out Value value)
    {
        value = NullValue.Instance;
        switch (Columns[index].Kind)
        {
            case ValueKind.String:
                value = Value.FromBytes(field);
                return true;
            case ValueKind.UInt64 when Fields.TryNumber(field, out ulong unsigned):
                value = new UInt64Value(unsigned);
                return true;
            case ValueKind.Int64 when Fields.TryNumber(field, out long signed):
                value = new Int64Value(signed);
                return true;
            default:
                return false;
        }
    }

    private static Column Signed(string name) => new(name, ValueKind.Int64);

    private static Column Unsigned(string name) => new(name, ValueKind.UInt64);
}
