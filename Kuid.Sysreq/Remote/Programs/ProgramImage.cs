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
    private readonly byte[] _file;
    private readonly byte[]? _folder;
    private readonly byte[][] _arguments;
    private readonly byte[][] _environment;
    private readonly IReadOnlyList<KeyValuePair<Resource, ResourceLimit>> _limits;

    public ProgramImage(ByteString file, RemoteProgram program)
    {
        this._file = Terminated(file);
        _folder = program.WorkingDirectory is { } path ? Terminated(path) : null;
        _arguments = [.. program.Arguments.Select(Terminated)];
        _environment = [.. program.Environment.Select(Terminated)];
        _limits = program.Limits;
        if (_arguments.Length == 0)
            throw new ArgumentException("a program has at least one argument, by custom its name", nameof(program));

        ArgumentsOffset = ZerosLength + (_limits.Count * LimitLength);
        EnvironmentOffset = ArgumentsOffset + ((_arguments.Length + 1) * sizeof(long));
        FileOffset = EnvironmentOffset + ((_environment.Length + 1) * sizeof(long));
        FolderOffset = FileOffset + this._file.Length;
        Length = FolderOffset + (_folder?.Length ?? 0) + _arguments.Sum(text => text.Length) + _environment.Sum(text => text.Length);
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
        for (var i = 0; i < _limits.Count; i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(image.AsSpan(LimitOffset(i)), _limits[i].Value.Soft);
            BinaryPrimitives.WriteUInt64LittleEndian(image.AsSpan(LimitOffset(i) + sizeof(ulong)), _limits[i].Value.Hard);
        }

        _file.CopyTo(image, FileOffset);
        _folder?.CopyTo(image, FolderOffset);
        var text = FolderOffset + (_folder?.Length ?? 0);
        WriteList(ArgumentsOffset, _arguments);
        WriteList(EnvironmentOffset, _environment);
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
