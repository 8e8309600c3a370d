using System.Globalization;
using Kuid.Sysreq.Tests.Remote;
using Kuid.TestKit;

namespace Kuid.Sysreq.Tests.Commands.Remote;

/// <summary><c>mv</c>, <c>ln</c>, <c>readlink</c> and <c>touch</c>.</summary>
public sealed class NameSpecs
{
    [Theory]
    [MemberData(nameof(Hosts.All), MemberType = typeof(Hosts))]
    public async Task A_file_gets_another_name_and_files_go_into_a_directory(string host)
    {
        await using var shell = await RemoteShell.ConnectAsync(host);
        await File.WriteAllTextAsync(shell.Folder["a"], "a");
        await File.WriteAllTextAsync(shell.Folder["b"], "b");
        Directory.CreateDirectory(shell.Folder["d"]);

        (await shell.RunAsync("mv", "a", "c")).ShouldSucceed();
        (await shell.RunAsync("mv", "c", "b", "d")).ShouldSucceed();
        (await shell.RunAsync("mv", "d/", "e")).ShouldSucceed();

        Directory.GetFileSystemEntries(shell.Folder.Path).Should().Equal(shell.Folder["e"]);
        (await File.ReadAllTextAsync(shell.Folder["e/c"])).Should().Be("a");
        (await File.ReadAllTextAsync(shell.Folder["e/b"])).Should().Be("b");
    }

    [Fact]
    public async Task What_mv_cannot_move_is_reported_and_the_rest_goes_on()
    {
        await using var shell = await RemoteShell.ConnectAsync();
        await File.WriteAllTextAsync(shell.Folder["a"], "a");
        Directory.CreateDirectory(shell.Folder["d"]);

        (await shell.RunAsync("mv", "missing", "a", "d")).Messages.Should().Equal("missing: no such file or directory [ENOENT]");
        File.Exists(shell.Folder["d/a"]).Should().BeTrue();
        (await shell.RunAsync("mv", "d", "d/a", "nowhere")).Messages.Should()
            .Equal("nowhere: is no directory, and 2 files cannot have one name []");
        (await shell.RunAsync("mv", "d/a", "/proc/x")).Messages.Should().ContainSingle()
            .Which.Should().Be("d/a: /proc/x is on another file system, and would have to be copied [EXDEV]");
    }

    [Theory]
    [MemberData(nameof(Hosts.All), MemberType = typeof(Hosts))]
    public async Task Links_are_made_and_say_what_they_point_to(string host)
    {
        await using var shell = await RemoteShell.ConnectAsync(host);
        await File.WriteAllTextAsync(shell.Folder["a"], "a");
        Directory.CreateDirectory(shell.Folder["d"]);

        (await shell.RunAsync("ln", "a", "hard")).ShouldSucceed();
        (await shell.RunAsync("ln", "-s", "any text at all", "soft")).ShouldSucceed();
        (await shell.RunAsync("ln", "-s", "../a", "../hard", "d")).ShouldSucceed();
        (await shell.RunAsync("ln", "-s", "/etc/passwd")).ShouldSucceed();

        var hard = (await shell.RunAsync("stat", "a", "hard")).ShouldSucceed().Texts("ino");
        hard[0].Should().Be(hard[1]);
        var links = (await shell.RunAsync(new StageCall("readlink", "soft", "d/a", "d/hard", "passwd") { Demands = ["path"] })).ShouldSucceed();
        links.Texts("target").Should().Equal("any text at all", "../a", "../hard", "/etc/passwd");
        links.Texts("path").Should().Equal("soft", "d/a", "d/hard", "passwd");
    }

    [Fact]
    public async Task A_name_that_is_taken_is_an_error_but_with_f()
    {
        await using var shell = await RemoteShell.ConnectAsync();
        await File.WriteAllTextAsync(shell.Folder["a"], "a");
        await File.WriteAllTextAsync(shell.Folder["taken"], "");

        (await shell.RunAsync("ln", "-s", "a", "taken")).Messages.Should().Equal("taken: file exists [EEXIST]");
        (await shell.RunAsync("ln", "-sf", "a", "taken")).ShouldSucceed();

        (await shell.RunAsync("readlink", "taken")).ShouldSucceed().Texts("target").Should().Equal("a");
    }

    [Fact]
    public async Task What_is_no_link_is_reported_and_the_rest_goes_on()
    {
        await using var shell = await RemoteShell.ConnectAsync();
        await File.WriteAllTextAsync(shell.Folder["a"], "a");
        File.CreateSymbolicLink(shell.Folder["loop"], "loop");

        var result = await shell.RunAsync("readlink", "a", "missing", "loop");

        result.Messages.Should().Equal("a: not a symbolic link [EINVAL]", "missing: no such file or directory [ENOENT]");
        result.Texts("target").Should().Equal("loop");
    }

    [Theory]
    [MemberData(nameof(Hosts.All), MemberType = typeof(Hosts))]
    public async Task Touch_makes_files_and_sets_their_times(string host)
    {
        await using var shell = await RemoteShell.ConnectAsync(host);
        await File.WriteAllTextAsync(shell.Folder["old"], "kept");
        File.SetLastWriteTimeUtc(shell.Folder["old"], DateTime.UnixEpoch);

        (await shell.RunAsync("touch", "old", "new")).ShouldSucceed();
        (await shell.RunAsync("touch", "-d", "2001-02-03T04:05:06.789Z", "then", "new")).ShouldSucceed();

        File.GetLastWriteTimeUtc(shell.Folder["old"]).Should().BeAfter(DateTime.UnixEpoch);
        (await File.ReadAllTextAsync(shell.Folder["old"])).Should().Be("kept");
        foreach (var name in new[] { "then", "new" })
        {
            File.GetLastWriteTimeUtc(shell.Folder[name]).Should()
                .Be(DateTime.Parse("2001-02-03T04:05:06.789Z", CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal));
        }
    }

    [Fact]
    public async Task Touch_with_c_makes_none_and_with_h_touches_the_link()
    {
        await using var shell = await RemoteShell.ConnectAsync();
        File.CreateSymbolicLink(shell.Folder["l"], "nowhere");

        (await shell.RunAsync("touch", "-c", "missing")).ShouldSucceed();
        (await shell.RunAsync("touch", "-h", "missing")).Messages.Should().Equal("missing: no such file or directory [ENOENT]");
        (await shell.RunAsync("touch", "-h", "-d", "2001-02-03", "l")).ShouldSucceed();
        (await shell.RunAsync("touch", "no/such")).Messages.Should().Equal("no/such: no such file or directory [ENOENT]");

        File.Exists(shell.Folder["missing"]).Should().BeFalse();
        (await ToolRun.Of("stat", ["-c", "%Y", shell.Folder["l"]])).Text.Trim().Should().Be("981158400");
    }
}
