using Kuid.Sysreq.Pipeline.Values;
using Kuid.Sysreq.Remote;

namespace Kuid.Sysreq.Pipeline.Commands.Remote;

/// <summary>Arguments as what system calls take.</summary>
internal static class PathArguments
{
    /// <summary>A path: any bytes but NUL, which would end it early on the other side.</summary>
    public static ByteString Path(this ArgumentReader reader, Argument argument)
    {
        var bytes = ValueText.BytesOf(argument.Value);
        if (bytes.Span.Contains((byte)0))
            throw reader.Refusal($"a path has no NUL byte: {new ByteString(bytes)}", argument);

        return new ByteString(bytes);
    }

    /// <summary>The operands from a place on, each a path.</summary>
    public static IReadOnlyList<ByteString> Paths(this ArgumentReader reader, int from = 0) =>
        [.. reader.Operands.Skip(from).Select(operand => Path(reader, operand))];

    /// <summary>The operands, each the number of a process.</summary>
    public static IReadOnlyList<int> Pids(this ArgumentReader reader) =>
        [.. reader.Operands.Select(operand => (int)reader.Integer(operand, "PID", 1, int.MaxValue))];

    /// <summary>The last part of a path, slashes at its end left out; empty for the root.</summary>
    public static ByteString LastPart(ByteString path)
    {
        var bytes = path.Memory;
        while (!bytes.IsEmpty && bytes.Span[^1] == (byte)'/')
            bytes = bytes[..^1];

        return new ByteString(bytes[(bytes.Span.LastIndexOf((byte)'/') + 1)..]);
    }
}
