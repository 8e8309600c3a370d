using System.Buffers.Binary;

namespace Kuid.Sysreq.Remote;

/// <summary>
/// What execve and the calls before it want in memory, laid out in one piece: pointers first, then the text they point to, so that one
/// upload brings it all. The offsets are from where the piece lies.
/// </summary>
internal sealed class ProgramImage
{
    /// <summary>Bytes of zeros at the start: a struct sigaction that says "default", an empty signal mask.</summary>
    public const int ZerosLength = 64;

    private const int LimitLength = 16;
    private readonly byte[] file;
    private readonly byte[]? folder;
    private readonly byte[][] arguments;
    private readonly byte[][] environment;
    private readonly IReadOnlyList<KeyValuePair<Resource, ResourceLimit>> limits;

    public ProgramImage(ByteString file, RemoteProgram program)
    {
        this.file = Terminated(file);
        folder = program.WorkingDirectory is { } path ? Terminated(path) : null;
        arguments = [.. program.Arguments.Select(Terminated)];
        environment = [.. program.Environment.Select(Terminated)];
        limits = program.Limits;
        if (arguments.Length == 0)
            throw new ArgumentException("a program has at least one argument, by custom its name", nameof(program));

        ArgumentsOffset = ZerosLength + (limits.Count * LimitLength);
        EnvironmentOffset = ArgumentsOffset + ((arguments.Length + 1) * sizeof(long));
        FileOffset = EnvironmentOffset + ((environment.Length + 1) * sizeof(long));
        FolderOffset = FileOffset + this.file.Length;
        Length = FolderOffset + (folder?.Length ?? 0) + arguments.Sum(text => text.Length) + environment.Sum(text => text.Length);
    }

    public int Length { get; }
    public int ArgumentsOffset { get; }
    public int EnvironmentOffset { get; }
    public int FileOffset { get; }
    public int FolderOffset { get; }

    /// <summary>Where the limit of this index is.</summary>
    public static int LimitOffset(int index) => ZerosLength + (index * LimitLength);

    /// <summary>The bytes, for memory that begins at the address.</summary>
    public byte[] BytesAt(long address)
    {
        var image = new byte[Length];
        for (var i = 0; i < limits.Count; i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(image.AsSpan(LimitOffset(i)), limits[i].Value.Soft);
            BinaryPrimitives.WriteUInt64LittleEndian(image.AsSpan(LimitOffset(i) + sizeof(ulong)), limits[i].Value.Hard);
        }

        file.CopyTo(image, FileOffset);
        folder?.CopyTo(image, FolderOffset);
        var text = FolderOffset + (folder?.Length ?? 0);
        WriteList(ArgumentsOffset, arguments);
        WriteList(EnvironmentOffset, environment);
        return image;

        void WriteList(int pointers, byte[][] items)
        {
            foreach (var item in items)
            {
                BinaryPrimitives.WriteInt64LittleEndian(image.AsSpan(pointers), address + text);
                item.CopyTo(image, text);
                pointers += sizeof(long);
                text += item.Length;
            }
        }
    }

    private static byte[] Terminated(ByteString text) => text.Span.Contains((byte)0)
        ? throw new ArgumentException($"\"{text}\" holds a NUL byte, which ends an argument", nameof(text))
        : [.. text.Span, 0];
}
