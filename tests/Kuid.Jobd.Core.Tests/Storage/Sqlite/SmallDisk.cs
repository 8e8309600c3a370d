namespace Kuid.Jobd.Core.Tests.Storage.Sqlite;

/// <summary>A tmpfs of a size that can be used up. The test is skipped where none can be mounted.</summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    private const string FillerName = "filler";

    private readonly string _path;

    private SmallDisk(string path) => _path = path;

    internal string this[string name] => Path.Combine(_path, name);

    internal static async Task<SmallDisk> Mount(string path, string size)
    {
        Directory.CreateDirectory(path);
        TestKit.ToolRun mount = await TestKit.ToolRun.Of("mount", ["-t", "tmpfs", "-o", $"size={size}", "tmpfs", path]);
        Assert.SkipUnless(mount.ExitCode == 0, "mounting a small tmpfs needs root and CAP_SYS_ADMIN");
        return new SmallDisk(path);
    }

    internal async Task Remount(string option) =>
        (await TestKit.ToolRun.Of("mount", ["-o", $"remount,{option}", _path])).ExitCode.Should().Be(0);

    /// <summary>Uses up what is left, to the last byte.</summary>
    internal void Fill()
    {
        using FileStream filler = File.Create(this[FillerName]);
        Action fill = () =>
        {
            while (true)
            {
                filler.Write(new byte[4096]);
                filler.Flush();
            }
        };
        fill.Should().Throw<IOException>();
    }

    internal void MakeRoom() => File.Delete(this[FillerName]);

    /// <summary>Whether a file on it is open in this process.</summary>
    internal bool IsInUse() => Directory.GetFiles("/proc/self/fd")
        .Any(descriptor => new FileInfo(descriptor).LinkTarget?.StartsWith(_path, StringComparison.Ordinal) == true);

    // Lazily, so that a failure of the test is not hidden by the one that follows from it.
    public async ValueTask DisposeAsync() => (await TestKit.ToolRun.Of("umount", ["-l", _path])).ExitCode.Should().Be(0);
}
