using System.Globalization;
using Kuid.Sysreq.Pipeline.Rows;
using Kuid.Sysreq.Pipeline.Values;
using Kuid.Sysreq.Remote;

namespace Kuid.Sysreq.Pipeline.Commands.Remote;

/// <summary>The columns that say what is known of a file, under the names of stat(2) without their <c>st_</c>.</summary>
internal static class FileColumns
{
    private static readonly (Column Column, Func<FileStatus, Value> Of)[] OfStatus =
    [
        (new("dev", ValueKind.UInt64), status => new UInt64Value(status.Device)),
        (new("ino", ValueKind.UInt64), status => new UInt64Value(status.Inode)),
        (new("nlink", ValueKind.UInt64), status => new UInt64Value(status.Links)),
        (new("mode", ValueKind.Mode), status => new ModeValue(status.Mode)),
        (new("uid", ValueKind.UInt64), status => new UInt64Value(status.UserId)),
        (new("gid", ValueKind.UInt64), status => new UInt64Value(status.GroupId)),
        (new("rdev", ValueKind.UInt64), status => new UInt64Value(status.SpecialDevice)),
        (new("size", ValueKind.Size), status => new SizeValue(status.Size)),
        (new("blksize", ValueKind.Size), status => new SizeValue(status.BlockSize)),
        (new("blocks", ValueKind.UInt64), status => new UInt64Value((ulong)status.Blocks)),
        (new("atime", ValueKind.DateTime), status => Time(status.Accessed)),
        (new("mtime", ValueKind.DateTime), status => Time(status.Modified)),
        (new("ctime", ValueKind.DateTime), status => Time(status.Changed)),
        (new("btime", ValueKind.DateTime), status => status.Born is { } born ? Time(born) : NullValue.Instance),
    ];

    /// <summary>The columns that stat has always shown.</summary>
    public static IReadOnlyList<Column> Classic { get; } = [.. OfStatus.Select(row => row.Column).Where(column => column.Name != "btime")];

    /// <summary>When the file was made, where its file system knows.</summary>
    public static Column Born { get; } = OfStatus[^1].Column;

    /// <summary>The name of the owner; the number where the remote system has no name for it.</summary>
    public static Column User { get; } = new("user", ValueKind.String);

    /// <summary>The name of the group; the number where the remote system has no name for it.</summary>
    public static Column Group { get; } = new("group", ValueKind.String);

    /// <summary>What a symbolic link points to; null for other files.</summary>
    public static Column Target { get; } = new("target", ValueKind.String);

    /// <summary>The path as far as the command knows it.</summary>
    public static Column Path { get; } = new("path", ValueKind.String);

    /// <summary>The type of the file, as a directory has it.</summary>
    public static Column Type { get; } = new("dtype", ValueKind.Enum);

    /// <summary>A column's value for a file; null when it is no column of a status.</summary>
    public static Value? Of(string column, FileStatus status) =>
        Array.Find(OfStatus, row => row.Column.Name == column).Of?.Invoke(status);

    /// <summary>Whether a column is one of a status.</summary>
    public static bool IsOfStatus(string column) => Array.Exists(OfStatus, row => row.Column.Name == column);

    /// <summary>A type with the name and the number that readdir(3) has for it.</summary>
    public static Value TypeValue(FileKind kind) => new EnumValue(
        kind switch
        {
            FileKind.Unknown => "DT_UNKNOWN",
            FileKind.Fifo => "DT_FIFO",
            FileKind.CharacterDevice => "DT_CHR",
            FileKind.Directory => "DT_DIR",
            FileKind.BlockDevice => "DT_BLK",
            FileKind.Regular => "DT_REG",
            FileKind.SymbolicLink => "DT_LNK",
            FileKind.Socket => "DT_SOCK",
            FileKind.Whiteout => "DT_WHT",
            _ => ((int)kind).ToString(CultureInfo.InvariantCulture),
        },
        (long)kind);

    /// <summary>A moment.</summary>
    public static Value Time(UnixTime time) => new DateTimeValue(time.Seconds, (int)time.Nanoseconds);

    /// <summary>A name as a value.</summary>
    public static Value Name(ByteString name) => Value.FromBytes(name.Span);
}
