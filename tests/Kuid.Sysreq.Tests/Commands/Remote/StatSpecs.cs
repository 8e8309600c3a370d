using System.Globalization;
using Kuid.Sysreq.Pipeline.Values;
using Kuid.Sysreq.Tests.Remote;
using Kuid.TestKit;

namespace Kuid.Sysreq.Tests.Commands.Remote;

/// <summary><c>stat</c>, compared with stat of the system.</summary>
public sealed class StatSpecs
{
    [Theory]
    [MemberData(nameof(Hosts.All), MemberType = typeof(Hosts))]
    public async Task Every_column_is_what_stat_says(string host)
    {
        await using var shell = await RemoteShell.ConnectAsync(host);
        await File.WriteAllTextAsync(shell.Folder["f"], new string('x', 5000));
        File.SetUnixFileMode(shell.Folder["f"], (UnixFileMode)0x9ED);

        var result = (await shell.RunAsync("stat", "f", "/dev/null")).ShouldSucceed();

        var truth = (await ToolRun.Of("stat", ["-c", "%d %i %h %f %u %g %r %s %o %b %.X %.Y %.Z", shell.Folder["f"], "/dev/null"])).Text
            .Split('\n', StringSplitOptions.RemoveEmptyEntries);
        for (var index = 0; index < 2; index++)
            result.Rows[index].Select(Plain).Should().Equal(truth[index].Split(' '));

        string.Join(' ', new StageCall("stat", "x").Bind().Columns.Select(column => column.Name)).Should()
            .Be("dev ino nlink mode uid gid rdev size blksize blocks atime mtime ctime");
    }

    [Fact]
    public async Task A_link_is_followed_but_with_h_and_its_target_is_known_either_way()
    {
        await using var shell = await RemoteShell.ConnectAsync();
        await File.WriteAllTextAsync(shell.Folder["f"], "12345");
        File.CreateSymbolicLink(shell.Folder["l"], "f");
        string[] demands = ["name", "dtype", "target"];

        var followed = (await shell.RunAsync(new StageCall("stat", "l", "f") { Demands = demands })).ShouldSucceed();
        var itself = (await shell.RunAsync(new StageCall("stat", "-h", "l") { Demands = demands })).ShouldSucceed();

        followed.Texts("name").Should().Equal("l", "f");
        followed.Texts("dtype").Should().Equal("DT_REG", "DT_REG");
        followed.Texts("target").Should().Equal("f", "");
        followed.Texts("size").Should().Equal("5", "5");
        itself.Texts("dtype").Should().Equal("DT_LNK");
        itself.Texts("target").Should().Equal("f");
        itself.Texts("size").Should().Equal("1");
    }

    [Fact]
    public async Task What_cannot_be_asked_about_is_reported_in_its_place_and_the_rest_goes_on()
    {
        await using var shell = await RemoteShell.ConnectAsync();
        await File.WriteAllTextAsync(shell.Folder["f"], "");
        File.CreateSymbolicLink(shell.Folder["loop"], "loop");

        var result = await shell.RunAsync("stat", "f", "missing", "f/x", "loop", "", new string('n', 300), "f");

        result.Rows.Should().HaveCount(2);
        result.Messages.Should().Equal(
            "missing: no such file or directory [ENOENT]",
            "f/x: not a directory [ENOTDIR]",
            "loop: too many levels of symbolic links [ELOOP]",
            ": no such file or directory [ENOENT]",
            $"{new string('n', 300)}: file name too long [ENAMETOOLONG]");
        result.Status.Should().Be(1);
    }

    private static string Plain(Value value) => value switch
    {
        ModeValue mode => mode.Bits.ToString("x", CultureInfo.InvariantCulture),
        DateTimeValue moment => string.Create(CultureInfo.InvariantCulture, $"{moment.Seconds}.{moment.Nanoseconds:D9}"),
        _ => ValueText.Of(value),
    };
}
