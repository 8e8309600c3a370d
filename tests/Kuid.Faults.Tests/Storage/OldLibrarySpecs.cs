namespace Kuid.Faults.Tests.Storage;

/// <summary>A SQLite that is too old for what the history does.</summary>
public sealed class OldLibrarySpecs : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Row_29_a_system_with_an_old_SQLite_has_the_one_that_comes_with_the_daemon()
    {
        await MakeLibrary("3.34.1");
        await using TestDaemon daemon = await TestDaemon.Start(
            environment: new Dictionary<string, string?>(StringComparer.Ordinal) { ["LD_LIBRARY_PATH"] = _folder.Path });

        await Eventually.Holds(() => daemon.Log.Contains("(bundled)", StringComparison.Ordinal), "the log names the library that runs");
    }

    [Fact]
    public async Task Row_29_where_every_SQLite_is_too_old_the_daemon_does_not_start_and_says_which_it_needs()
    {
        string library = await MakeLibrary("3.34.1");
        string bin = _folder["bin"];
        (await ToolRun.Of("cp", ["-r", Repository.File("bin"), bin])).ExitCode.Should().Be(0);
        string[] bundled = Directory.GetFiles(bin, "libe_sqlite3.so", SearchOption.AllDirectories);
        bundled.Should().NotBeEmpty();
        foreach (string file in bundled)
        {
            File.Copy(library, file, overwrite: true);
        }

        ToolRun start = await ToolRun.Of(
            Path.Combine(bin, "kuid-jobd"), [_folder["s"], "--foreground", "--data", _folder["data"]],
            environment: new Dictionary<string, string?>(StringComparer.Ordinal) { ["LD_LIBRARY_PATH"] = _folder.Path });

        start.ExitCode.Should().Be(111, start.Stderr);
        start.Stderr.Should().Contain("SQLite 3.34.1 is too old; 3.35 or newer is needed");
    }

    // All that is asked of it before it is turned down.
    private async Task<string> MakeLibrary(string version)
    {
        string source = _folder["sqlite.c"];
        string library = _folder["libsqlite3.so.0"];
        await File.WriteAllTextAsync(source, $"const char *sqlite3_libversion(void) {{ return \"{version}\"; }}\n");
        ToolRun compiled = await ToolRun.Of("cc", ["-shared", "-fPIC", "-o", library, source]);
        compiled.ExitCode.Should().Be(0, compiled.Stderr);
        return library;
    }
}
