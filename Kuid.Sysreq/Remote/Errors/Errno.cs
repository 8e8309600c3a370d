using System.Collections.Frozen;

namespace Kuid.Sysreq.Remote;

/// <summary>An error number of the kernel's: 2 is ENOENT. The numbers are the same on x86-64 and aarch64.</summary>
public readonly record struct Errno(int Number)
{
    /// <summary>The highest number that a system call's result can carry (MAX_ERRNO of the kernel).</summary>
    public const int Highest = 4095;

    private static readonly FrozenDictionary<int, (string Name, string Text)> ByNumber =
        ErrnoTable.Rows.ToFrozenDictionary(row => row.Number, row => (row.Name, row.Text));

    private static readonly FrozenDictionary<string, int> ByName =
        ErrnoTable.Rows.ToFrozenDictionary(row => row.Name, row => row.Number, StringComparer.Ordinal);

#pragma warning disable CS1591 // Named as errno(3) names them; the table has their texts.
    public static readonly Errno EPERM = new(1);
    public static readonly Errno ENOENT = new(2);
    public static readonly Errno ESRCH = new(3);
    public static readonly Errno EINTR = new(4);
    public static readonly Errno EBADF = new(9);
    public static readonly Errno EAGAIN = new(11);
    public static readonly Errno EACCES = new(13);
    public static readonly Errno EFAULT = new(14);
    public static readonly Errno EEXIST = new(17);
    public static readonly Errno ENOTDIR = new(20);
    public static readonly Errno EISDIR = new(21);
    public static readonly Errno EINVAL = new(22);
    public static readonly Errno EMFILE = new(24);
    public static readonly Errno ERANGE = new(34);
    public static readonly Errno ENAMETOOLONG = new(36);
    public static readonly Errno ENOSYS = new(38);
    public static readonly Errno ELOOP = new(40);
#pragma warning restore CS1591

    /// <summary>The name, such as <c>ENOENT</c>; <c>E524</c> for a number that no table has.</summary>
    public string Name => ByNumber.TryGetValue(Number, out var row)
        ? row.Name
        : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"E{Number}");

    /// <summary>What it means, such as <c>no such file or directory</c>.</summary>
    public string Text => ByNumber.TryGetValue(Number, out var row) ? row.Text : "unknown error";

    /// <summary>The number of a name, or null.</summary>
    public static Errno? Parse(string name) => ByName.TryGetValue(name, out var number) ? new Errno(number) : null;

    /// <summary>The error that a raw result carries, or null when it is none: only -4095..-1 are errors.</summary>
    public static Errno? Of(long result) => result is < 0 and >= -Highest ? new Errno((int)-result) : null;

    /// <inheritdoc/>
    public override string ToString() => Name;
}
