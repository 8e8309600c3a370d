using System.Globalization;
using Kuid.Sysreq.Pipeline.Values;
using Kuid.Sysreq.Tests.Remote;
using Kuid.TestKit;

namespace Kuid.Sysreq.Tests.Commands.Remote;

/// <summary><c>chmod</c>, <c>chown</c>, <c>chroot</c>, and what a server without rights says.</summary>
public sealed class PermissionSpecs
{
    [Theory]
    [MemberData(nameof(Hosts.All), MemberType = typeof(Hosts))]
    public async Task Chmod_sets_and_changes(string host)
    {
        await using var shell = await RemoteShell.ConnectAsync(host);
        await File.WriteAllTextAsync(shell.Folder["f"], "");
        await File.WriteAllTextAsync(shell.Folder["g"], "");

        (await shell.RunAsync("chmod", "640", "f", "g")).ShouldSucceed();
        Mode(shell, "f").Should().Be("640");
        Mode(shell, "g").Should().Be("640");

        (await shell.RunAsync("chmod", "u+x,go=r", "f")).ShouldSucceed();
        Mode(shell, "f").Should().Be("744");

        (await shell.RunAsync("chmod", "-x", "f")).ShouldSucceed();
        Mode(shell, "f").Should().Be("644");

        (await shell.RunAsync("chmod", "--", "-r", "f")).ShouldSucceed();
        Mode(shell, "f").Should().Be("200");

        (await shell.RunAsync("chmod", new ModeValue(0x81A4), "f")).ShouldSucceed();
        Mode(shell, "f").Should().Be("644");
    }

    [Fact]
    public async Task A_clause_that_names_nobody_respects_the_mask_of_the_server()
    {
        await using var shell = await RemoteShell.ConnectAsync(Hosts.Unix);
        await File.WriteAllTextAsync(shell.Folder["f"], "");
        await shell.System.SetFileModeMaskAsync(0x3F);

        (await shell.RunAsync("chmod", "=rwx", "f")).ShouldSucceed();

        Mode(shell, "f").Should().Be("700");
    }

    [Fact]
    public async Task What_chmod_cannot_change_is_reported_and_the_rest_goes_on()
    {
        await using var shell = await RemoteShell.ConnectAsync();
        await File.WriteAllTextAsync(shell.Folder["f"], "");

        (await shell.RunAsync("chmod", "600", "no", "f", "f/x")).Messages.Should()
            .Equal("no: no such file or directory [ENOENT]", "f/x: not a directory [ENOTDIR]");
        (await shell.RunAsync("chmod", "u+x", "no", "f")).Messages.Should().Equal("no: no such file or directory [ENOENT]");

        Mode(shell, "f").Should().Be("700");
    }

    [Fact]
    public async Task Chown_gives_files_away_by_number_and_by_name_and_leaves_what_a_dash_is_for()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root gives files away");
        await using var shell = await RemoteShell.ConnectAsync();
        await File.WriteAllTextAsync(shell.Folder["f"], "");
        File.CreateSymbolicLink(shell.Folder["l"], "f");

        (await shell.RunAsync("chown", "1234", "567", "f")).ShouldSucceed();
        (await Owner(shell, "f")).Should().Be("1234:567");

        (await shell.RunAsync("chown", "root", "-", "l")).ShouldSucceed();
        (await Owner(shell, "f")).Should().Be("0:567");

        (await shell.RunAsync("chown", "-h", "-", "root", "l")).ShouldSucceed();
        (await shell.RunAsync("chown", "-h", "77", "-", "l")).ShouldSucceed();
        (await Owner(shell, "f")).Should().Be("0:567");
        (await Owner(shell, "l")).Should().Be("77:0");
    }

    [Fact]
    public async Task Chown_says_which_name_there_is_not()
    {
        await using var shell = await RemoteShell.ConnectAsync();

        (await shell.RunAsync("chown", "no-such-user", "0", "f")).Messages.Should().Equal("there is no user no-such-user in /etc/passwd []");
        (await shell.RunAsync("chown", "0", "no-such-group", "f")).Messages.Should().Equal("there is no group no-such-group in /etc/group []");
        (await shell.RunAsync("chown", "-", "-", "missing")).Messages.Should().Equal("missing: no such file or directory [ENOENT]");
    }

    [Fact]
    public async Task Chroot_makes_a_directory_the_root_and_the_current_one()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root changes the root");
        await using var shell = await RemoteShell.ConnectAsync(Hosts.Unix);
        Directory.CreateDirectory(shell.Folder["jail"]);
        await File.WriteAllTextAsync(shell.Folder["jail/inside"], "");

        (await shell.RunAsync("chroot", "jail")).ShouldSucceed();

        (await shell.RunAsync("ls")).ShouldSucceed().Texts("name").Should().BeEquivalentTo(".", "..", "inside");
        (await shell.RunAsync("ls", "/../..")).ShouldSucceed().Texts("name").Should().Contain("inside");
        (await shell.RunAsync("chroot", "missing")).Messages.Should().Equal("missing: no such file or directory [ENOENT]");
    }

    [Fact]
    public async Task A_server_without_rights_says_what_it_may_not()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root becomes somebody else");
        await using var shell = await RemoteShell.ConnectAsync();
        await using var other = await RemoteShell.ConnectAsync(Hosts.Unix);
        (await other.RunAsync("sys", "setgroups", "0")).ShouldSucceed();
        (await other.RunAsync("sys", "setresgid", "65534", "65534", "65534")).ShouldSucceed();
        (await other.RunAsync("sys", "setresuid", "65534", "65534", "65534")).ShouldSucceed();
        await File.WriteAllTextAsync(shell.Folder["f"], "");
        var file = shell.Folder["f"];

        (await RunAsync("stat", file)).Should().Equal($"{file}: permission denied [EACCES]");
        (await RunAsync("ls", shell.Folder.Path)).Should().Equal($"{shell.Folder.Path}: permission denied [EACCES]");
        (await RunAsync("cat", file)).Should().Equal($"{file}: permission denied [EACCES]");
        (await RunAsync("cat", file, file)).Should().Equal(Enumerable.Repeat($"{file}: permission denied [EACCES]", 2));
        (await RunAsync("rm", file)).Should().Equal($"{file}: permission denied [EACCES]");
        (await RunAsync("chmod", "777", "/etc/passwd")).Should().Equal("/etc/passwd: operation not permitted [EPERM]");
        (await RunAsync("chown", "0", "0", "/etc/passwd")).Should().Equal("/etc/passwd: operation not permitted [EPERM]");
        (await RunAsync("chroot", "/")).Should().Equal("/: operation not permitted [EPERM]");
        (await RunAsync("kill", Environment.ProcessId.ToString(CultureInfo.InvariantCulture))).Should()
            .Equal($"{Environment.ProcessId}: operation not permitted [EPERM]");
        (await RunAsync("touch", "/etc/passwd")).Should().Equal("/etc/passwd: permission denied [EACCES]");
        (await RunAsync("lsof", "1")).Should().Equal("1: permission denied [EACCES]");
        (await RunAsync("lsof")).Should().ContainSingle().Which.Should().Contain("belong to others");
        (await RunAsync("mkdir", "-p", "/etc/a/b")).Should().Equal("/etc/a/b: permission denied [EACCES]");

        async Task<IEnumerable<string>> RunAsync(string name, params object[] words) =>
            (await other.RunAsync(name, words)).Messages;
    }

    private static string Mode(RemoteShell shell, string name) =>
        Convert.ToString((int)File.GetUnixFileMode(shell.Folder[name]), 8);

    private static async Task<string> Owner(RemoteShell shell, string name) =>
        (await ToolRun.Of("stat", ["-c", "%u:%g", shell.Folder[name]])).Text.Trim();
}
