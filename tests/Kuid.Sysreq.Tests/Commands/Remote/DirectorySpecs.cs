using Kuid.Sysreq.Pipeline.Commands.Remote;
using Kuid.Sysreq.Tests.Remote;
using Kuid.TestKit;

namespace Kuid.Sysreq.Tests.Commands.Remote;

/// <summary><c>mkdir</c> and <c>rm</c>.</summary>
public sealed class DirectorySpecs
{
    [Theory]
    [MemberData(nameof(Hosts.All), MemberType = typeof(Hosts))]
    public async Task Directories_are_made_and_with_p_those_on_the_way(string host)
    {
        await using var shell = await RemoteShell.ConnectAsync(host);

        (await shell.RunAsync("mkdir", "a", "b")).ShouldSucceed();
        (await shell.RunAsync("mkdir", "-p", "a", "b/c//d/", shell.Folder["x/y"])).ShouldSucceed();

        Directory.Exists(shell.Folder["a"]).Should().BeTrue();
        Directory.Exists(shell.Folder["b/c/d"]).Should().BeTrue();
        Directory.Exists(shell.Folder["x/y"]).Should().BeTrue();
    }

    [Fact]
    public async Task The_mode_is_the_last_directorys_and_no_mask_takes_of_it()
    {
        await using var shell = await RemoteShell.ConnectAsync();

        (await shell.RunAsync("mkdir", "-p", "-m", "777", "a/b")).ShouldSucceed();
        (await shell.RunAsync("mkdir", "-m1777", "c")).ShouldSucceed();

        ((int)File.GetUnixFileMode(shell.Folder["a/b"])).Should().Be(0x1FF);
        ((int)File.GetUnixFileMode(shell.Folder["c"])).Should().Be(0x3FF);
    }

    [Fact]
    public async Task What_cannot_be_made_is_reported_and_the_rest_goes_on()
    {
        await using var shell = await RemoteShell.ConnectAsync();
        await File.WriteAllTextAsync(shell.Folder["f"], "");
        Directory.CreateDirectory(shell.Folder["there"]);

        (await shell.RunAsync("mkdir", "there", "no/such", "new")).Messages.Should()
            .Equal("there: file exists [EEXIST]", "no/such: no such file or directory [ENOENT]");
        (await shell.RunAsync("mkdir", "-p", "f", "f/g/h", "there")).Messages.Should()
            .Equal("f: file exists [EEXIST]", "f/g/h: not a directory [ENOTDIR]");

        Directory.Exists(shell.Folder["new"]).Should().BeTrue();
    }

    [Theory]
    [MemberData(nameof(Hosts.All), MemberType = typeof(Hosts))]
    public async Task Files_are_removed_and_with_r_whole_trees(string host)
    {
        await using var shell = await RemoteShell.ConnectAsync(host);
        Directory.CreateDirectory(shell.Folder["tree/deep/er"]);
        await File.WriteAllTextAsync(shell.Folder["tree/deep/f"], "");
        await File.WriteAllTextAsync(shell.Folder["f"], "");

        var refused = await shell.RunAsync("rm", "f", "tree");
        refused.Messages.Should().Equal("tree: is a directory, which takes -r [EISDIR]");
        (await shell.RunAsync("rm", "-r", "tree")).ShouldSucceed();

        Directory.GetFileSystemEntries(shell.Folder.Path).Should().BeEmpty();
    }

    [Fact]
    public async Task A_link_is_removed_and_never_what_it_points_to()
    {
        await using var shell = await RemoteShell.ConnectAsync();
        Directory.CreateDirectory(shell.Folder["kept"]);
        await File.WriteAllTextAsync(shell.Folder["kept/f"], "");
        Directory.CreateDirectory(shell.Folder["tree"]);
        File.CreateSymbolicLink(shell.Folder["tree/to-kept"], "../kept");
        File.CreateSymbolicLink(shell.Folder["tree/to-root"], "/");
        File.CreateSymbolicLink(shell.Folder["tree/loop"], "../tree");
        File.CreateSymbolicLink(shell.Folder["to-kept"], "kept");

        (await shell.RunAsync("rm", "-r", "tree", "to-kept")).ShouldSucceed();

        Directory.GetFileSystemEntries(shell.Folder.Path).Should().Equal(shell.Folder["kept"]);
        File.Exists(shell.Folder["kept/f"]).Should().BeTrue();
    }

    [Fact]
    public async Task What_is_not_there_is_an_error_but_with_f()
    {
        await using var shell = await RemoteShell.ConnectAsync();
        await File.WriteAllTextAsync(shell.Folder["f"], "");

        var result = await shell.RunAsync("rm", "missing", "f", "f/x");
        result.Messages.Should().Equal("missing: no such file or directory [ENOENT]", "f/x: no such file or directory [ENOENT]");
        File.Exists(shell.Folder["f"]).Should().BeFalse();
        (await shell.RunAsync("rm", "-f", "missing")).ShouldSucceed();
        (await shell.RunAsync("rm", "-f")).ShouldSucceed();
    }

    [Fact]
    public async Task Something_in_a_tree_that_cannot_be_removed_is_reported_and_the_rest_is_gone()
    {
        await using var shell = await RemoteShell.ConnectAsync();
        Directory.CreateDirectory(shell.Folder["tree/busy"]);
        await File.WriteAllTextAsync(shell.Folder["tree/f"], "");
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root mounts, which is what root cannot remove");
        var mount = await ToolRun.Of("mount", ["-t", "tmpfs", "none", shell.Folder["tree/busy"]]);
        Assert.SkipUnless(mount.ExitCode == 0, $"mount does not work here, as in containers: {mount.Stderr}");
        try
        {
            var result = await shell.RunAsync("rm", "-r", "tree");

            result.Messages.Should().Equal("tree/busy: device or resource busy [EBUSY]", "tree: directory not empty [ENOTEMPTY]");
            Directory.GetFileSystemEntries(shell.Folder["tree"]).Should().Equal(shell.Folder["tree/busy"]);
        }
        finally
        {
            await ToolRun.Of("umount", [shell.Folder["tree/busy"]]);
        }
    }

    [Fact]
    public async Task A_tree_is_removed_down_to_the_deepest_level_and_not_below()
    {
        await using var shell = await RemoteShell.ConnectAsync();
        string Path(int levels) => string.Join('/', Enumerable.Repeat("d", levels));
        Directory.CreateDirectory(shell.Folder[Path(TreeRemoval.DeepestLevel)]);
        (await shell.RunAsync("rm", "-r", "d")).ShouldSucceed();
        Directory.Exists(shell.Folder["d"]).Should().BeFalse();

        Directory.CreateDirectory(shell.Folder[Path(TreeRemoval.DeepestLevel + 1)]);
        await File.WriteAllTextAsync(shell.Folder["d/f"], "");
        var result = await shell.RunAsync("rm", "-r", "d");

        result.Errors[0].Message.Should().EndWith("/d: more than 256 directories deep, and not removed");
        File.Exists(shell.Folder["d/f"]).Should().BeFalse();
        Directory.Exists(shell.Folder[Path(TreeRemoval.DeepestLevel + 1)]).Should().BeTrue();
    }

    [Fact]
    public async Task No_descriptor_is_left_behind()
    {
        await using var shell = await RemoteShell.ConnectAsync(Hosts.Unix);
        var before = (await shell.RunAsync("ls", "/proc/self/fd")).Rows.Count;
        Directory.CreateDirectory(shell.Folder["a/b/c"]);
        Directory.CreateDirectory(shell.Folder["x"]);

        await shell.RunAsync("rm", "-r", "a", "missing", "x");
        await shell.RunAsync("cat", ".", "missing");
        await shell.RunAsync("cmp", "/etc/passwd", "missing");
        await shell.RunAsync(new StageCall("cat", "/etc/passwd", "/dev/zero") { Take = 2 });
        await shell.RunAsync("touch", "new", "no/such");

        (await shell.RunAsync("ls", "/proc/self/fd")).Rows.Count.Should().Be(before);
    }
}
