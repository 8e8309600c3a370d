namespace Kuid.Jobd.Tests.Sockproc;

/// <summary>
/// Requests of every kind that the format's rules tell apart, for <see cref="ReadLimits.Small"/> (12 bytes of command, a
/// count of 50) and for the default ones.
/// </summary>
internal static class RequestCorpus
{
    internal static IReadOnlyList<string> All { get; } =
    [
        // Whole ones.
        "echo hi\r\n0\r\n", "cat\r\n3\r\nabc", "\r\n0\r\n", " \r\n1\r\nx", "cat\r\n00\r\n", "cat\r\n03\r\nabc", "cat\r\n50\r\n",
        "a\nb\r\n0\r\n", "a\rb\r\n0\r\n", "a\r\r\n0\r\n", "\n\r\n0\r\n", "\r\r\n0\r\n", "\n\n\r\n0\r\n", "a\n\r\r\n0\r\n",
        "\u00ff\u00fe\u0080\r\n0\r\n", "\u0001\u001b\u007f\r\n0\r\n", "exactly 12 b\r\n0\r\n", "eleven byte\r\n0\r\n",
        "exactly 11\r\r\r\n0\r\n", "cat\r\n00000000000000000000000000000003\r\nabc",

        // More than a request.
        "cat\r\n3\r\nabcdef", "cat\r\n0\r\nx", "cat\r\n0\r\n\r\n", "cat\r\n0\r\n0\r\n", "cat\r\n2\r\nab" + "cat\r\n2\r\ncd", "cat\r\n1\r\n\0",

        // Less than one.
        "", "\r", "\n", "e", "echo PARTIAL", "echo PARTIAL\r", "echo\n0\n", "cat\n3\nabc", "cat\r\n", "cat\r\n3", "cat\r\n3\r", "cat\r\n\r",
        "cat\r\n\n", "cat\r\n3\n", "cat\r\n3\nabc", "cat\r\n+", "exactly 12 b\r",

        // Commands that are refused.
        "\0", "\0\r\n0\r\n", "ca\0t\r\n0\r\n", "cat\0\r\n0\r\n", "cat\r\0\n0\r\n", "cat\r\n\0\r\n", "exactly 12 b\0", "exactly 12 b\r\0\n",
        "thirteen byte", "thirteen byte\r\n0\r\n", "exactly 12 b\n", "exactly 12 b\rx", "exactly 12 b\r\r", "exactly 12 b\r\r\n0\r\n",
        "this is a much longer command than twelve\r\n0\r\n",

        // Counts that are refused.
        "cat\r\n\r\n", "cat\r\n+3\r\nabc", "cat\r\n 3\r\nabc", "cat\r\n3 \r\nabc", "cat\r\n3x\r\nabc", "cat\r\n-5\r\n", "cat\r\nabc\r\n",
        "cat\r\n0x3\r\nabc", "cat\r\n3\n\r\nabc", "cat\r\n\r3\r\nabc", "cat\r\n3\r\r\nabc", "cat\r\n1e1\r\n", "cat\r\n\u00b2\r\n", "cat\r\n\"\\\r\n",
        "cat\r\n51\r\n", "cat\r\n9223372036854775807\r\n", "cat\r\n9223372036854775808\r\n", "cat\r\n18446744073709551616\r\n",
        "cat\r\n99999999999999999999999999999999\r\n", "cat\r\n999999999999999999999999999999999\r\n",
        "cat\r\n00000000000000000000000000000000\r\r\n", "cat\r\nthirty-three bytes of a count line\r\n",

        // Not for this port.
        "GET / HTTP/1\r\nHost: x\r\n\r\n", "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", "GET / HTTP/1.1\nHost: x\n\r\n0\r\n",
        "G HTTP/2\r\n0\r\n", "A / HTTP/2\r\r\n0\r\n", "get / HTTP/2\r\n0\r\n", "\u0016\u0003\u0001\u0002\0\u0001\0\u0001\u00fc\u0003\u0003",
    ];
}
