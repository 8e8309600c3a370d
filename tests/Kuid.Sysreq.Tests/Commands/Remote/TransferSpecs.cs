using Kuid.Sysreq.Pipeline.Commands;
using Kuid.Sysreq.Tests.Remote;
using Kuid.TestKit;

namespace Kuid.Sysreq.Tests.Commands.Remote;

/// <summary><c>upload</c> and <c>download</c>.</summary>
public sealed class TransferSpecs
{
    private static readonly byte[] Large = [.. Enumerable.Range(0, 1_000_000).Select(number => (byte)(number * 31 >> 3))];

    [Theory]
    [MemberData(nameof(Hosts.All), MemberType = typeof(Hosts))]
    public async Task A_file_goes_there_and_comes_back_with_its_permissions(string host)
    {
        await using var shell = await RemoteShell.ConnectAsync(host);
        using var local = new TempFolder();
        await File.WriteAllBytesAsync(local["program"], Large);
        File.SetUnixFileMode(local["program"], (UnixFileMode)0x1EC);

        (await shell.RunAsync(Upload(local["program"], "there"))).ShouldSucceed().Rows.Should().BeEmpty();
        (await File.ReadAllBytesAsync(shell.Folder["there"])).Should().Equal(Large);
        ((int)File.GetUnixFileMode(shell.Folder["there"])).Should().Be(0x1EC);

        (await shell.RunAsync(Download("there", local["back"]))).ShouldSucceed().Rows.Should().BeEmpty();
        (await File.ReadAllBytesAsync(local["back"])).Should().Equal(Large);
        ((int)File.GetUnixFileMode(local["back"])).Should().Be(0x1EC);
    }

    [Fact]
    public async Task Into_a_directory_it_keeps_its_name()
    {
        await using var shell = await RemoteShell.ConnectAsync();
        using var local = new TempFolder();
        await File.WriteAllTextAsync(local["f"], "");
        Directory.CreateDirectory(shell.Folder["d"]);

        (await shell.RunAsync(Upload(local["f"], "d"))).ShouldSucceed();
        File.Move(shell.Folder["d/f"], shell.Folder["d/g"]);
        (await shell.RunAsync(Download("d/g", local.Path))).ShouldSucceed();

        File.Exists(local["g"]).Should().BeTrue();
    }

    [Fact]
    public async Task A_file_that_is_there_is_replaced_and_gets_the_permissions()
    {
        await using var shell = await RemoteShell.ConnectAsync();
        using var local = new TempFolder();
        await File.WriteAllTextAsync(local["f"], "new");
        await File.WriteAllTextAsync(shell.Folder["f"], "longer and old");
        File.SetUnixFileMode(local["f"], (UnixFileMode)0x180);
        File.SetUnixFileMode(shell.Folder["f"], (UnixFileMode)0x1FF);

        (await shell.RunAsync(Upload(local["f"], "f"))).ShouldSucceed();

        (await File.ReadAllTextAsync(shell.Folder["f"])).Should().Be("new");
        ((int)File.GetUnixFileMode(shell.Folder["f"])).Should().Be(0x180);
    }

    [Fact]
    public async Task A_remote_system_makes_no_set_id_program_here()
    {
        await using var shell = await RemoteShell.ConnectAsync();
        using var local = new TempFolder();
        await File.WriteAllTextAsync(shell.Folder["f"], "");
        File.SetUnixFileMode(shell.Folder["f"], (UnixFileMode)0xFED);

        (await shell.RunAsync(Download("f", local["f"]))).ShouldSucceed();

        ((int)File.GetUnixFileMode(local["f"])).Should().Be(0x1ED);
    }

    [Fact]
    public async Task What_is_missing_is_said_and_nothing_is_made()
    {
        await using var shell = await RemoteShell.ConnectAsync();
        using var local = new TempFolder();
        await File.WriteAllTextAsync(local["f"], "");

        (await shell.RunAsync(Upload(local["missing"], "x"))).Messages.Should()
            .Equal($"{local["missing"]} (yours): no such file or directory [ENOENT]");
        (await shell.RunAsync(Upload(local["f"], "no/such"))).Messages.Should().Equal("no/such: no such file or directory [ENOENT]");
        (await shell.RunAsync(Upload(local.Path, "x"))).Errors.Should().ContainSingle();
        (await shell.RunAsync(Download("missing", local["x"]))).Messages.Should().Equal("missing: no such file or directory [ENOENT]");
        (await shell.RunAsync(Download(".", local["x"]))).Messages.Should().Equal(".: is a directory [EISDIR]");
        (await shell.RunAsync(Download("/etc/passwd", local["no/such"]))).Messages.Should()
            .Equal($"{local["no/such"]} (yours): no such file or directory [ENOENT]");

        File.Exists(local["x"]).Should().BeFalse();
        File.Exists(shell.Folder["x"]).Should().BeFalse();
    }

    [Fact]
    public async Task A_host_program_that_works_for_others_has_no_files_to_give()
    {
        await using var shell = await RemoteShell.ConnectAsync();
        const string Refusal = "there are no files of yours here: only a program that runs as you, such as kuid eval, copies them []";

        (await shell.RunAsync("upload", "/etc/passwd", "f")).Messages.Should().Equal(Refusal);
        (await shell.RunAsync("download", "/etc/passwd", "f")).Messages.Should().Equal(Refusal);

        Directory.GetFileSystemEntries(shell.Folder.Path).Should().BeEmpty();
    }

    private static StageCall Upload(string from, string to) => new("upload", from, to) { LocalFiles = new LocalFiles() };

    private static StageCall Download(string from, string to) => new("download", from, to) { LocalFiles = new LocalFiles() };
}
