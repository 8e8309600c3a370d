using Kuid.Sysreq.Pipeline.Commands.Remote.Parsing;
using Kuid.Sysreq.Remote;

namespace Kuid.Sysreq.Pipeline.Commands.Remote;

/// <summary>
/// The mask of new files' permissions (umask(2)) of the server. The call that tells it also sets it, and another stage may make a file
/// in between; so it is read from <c>/proc/self/status</c>, where the kernel has it since 4.7.
/// </summary>
internal static class FileModeMask
{
    private static readonly ByteString StatusFile = "/proc/self/status";

    /// <summary>Reads it.</summary>
    public static async Task<uint> ReadAsync(RemoteStage stage)
    {
        var status = await stage.System.ReadFileAsync(StatusFile, cancellationToken: stage.Cancellation);
        return Find(status.Span) ?? throw new CommandException($"{StatusFile}: there is no Umask");
    }

    /// <summary>The mask in the text of the file; null when it does not say.</summary>
    public static uint? Find(ReadOnlySpan<byte> text)
    {
        foreach (var line in Parsed.Lines(text, Umask))
        {
            if (line.Problem is null)
                return line.Entry;
        }

        return null;
    }

    private static Parsed<uint> Umask(ReadOnlySpan<byte> line)
    {
        var fields = new Fields(line);
        if (!fields.TryNext(out var name) || !name.SequenceEqual("Umask:"u8) || !fields.TryNext(out var octal) || octal.Length > 5)
            return Parsed.Bad<uint>("it is not the mask", line);

        var mask = 0u;
        foreach (var digit in octal)
        {
            if (digit is < (byte)'0' or > (byte)'7')
                return Parsed.Bad<uint>("the mask is not octal", line);

            mask = (mask << 3) | (uint)(digit - '0');
        }

        return Parsed.Of(mask & ModeChange.PermissionBits);
    }
}
