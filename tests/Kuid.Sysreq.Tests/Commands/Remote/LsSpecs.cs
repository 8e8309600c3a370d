using System.Globalization;
using System.Text;
using Kuid.Sysreq.Pipeline.Values;
using Kuid.Sysreq.Remote;
using Kuid.Sysreq.Tests.Remote;
using Kuid.TestKit;

namespace Kuid.Sysreq.Tests.Commands.Remote;

/// <summary><c>ls</c>, compared with what this machine knows of its own files.</summary>
public sealed class LsSpecs
{
    [Theory]
    [MemberData(nameof(Hosts.All), MemberType = typeof(Hosts))]
    public async Task A_directory_has_its_names_inodes_and_types_and_dot_and_dot_dot(string host)
    {
        await using var shell = await RemoteShell.ConnectAsync(host);
        Directory.CreateDirectory(shell.Folder["d"]);
        await File.WriteAllTextAsync(shell.Folder["f"], "x");
        File.CreateSymbolicLink(shell.Folder["l"], "f");

        var result = (await shell.RunAsync("ls")).ShouldSucceed();

        result.Texts("name").Should().BeEquivalentTo(".", "..", "d", "f", "l");
        result.Where("name", "d", "dtype").Should().Be(new EnumValue("DT_DIR", 4));
        result.Where("name", "f", "dtype").Should().Be(new EnumValue("DT_REG", 8));
        result.Where("name", "l", "dtype").Should().Be(new EnumValue("DT_LNK", 10));
        var truth = (await ToolRun.Of("stat", ["-c", "%i", shell.Folder["f"]])).Text.Trim();
        ValueText.Of(result.Where("name", "f", "inode")).Should().Be(truth);
    }

    [Theory]
    [MemberData(nameof(Hosts.All), MemberType = typeof(Hosts))]
    public async Task What_a_later_stage_names_is_what_stat_says(string host)
    {
        await using var shell = await RemoteShell.ConnectAsync(host);
        await File.WriteAllTextAsync(shell.Folder["f"], "twelve bytes");
        File.SetUnixFileMode(shell.Folder["f"], UnixFileMode.UserRead | UnixFileMode.GroupRead);
        File.CreateSymbolicLink(shell.Folder["l"], "somewhere else");

        var call = new StageCall("ls") { Demands = ["size", "mode", "uid", "gid", "mtime", "nlink", "target", "path"] };
        var result = (await shell.RunAsync(call)).ShouldSucceed();

        var truth = (await ToolRun.Of("stat", ["-c", "%s %f %u %g %.Y %h", shell.Folder["f"]])).Text.Trim().Split(' ');
        result.Where("name", "f", "size").Should().Be(new SizeValue(12));
        result.Where("name", "f", "mode").Should().Be(new ModeValue(uint.Parse(truth[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture)));
        ValueText.Of(result.Where("name", "f", "uid")).Should().Be(truth[2]);
        ValueText.Of(result.Where("name", "f", "gid")).Should().Be(truth[3]);
        Moment(result.Where("name", "f", "mtime")).Should().Be(truth[4]);
        ValueText.Of(result.Where("name", "f", "nlink")).Should().Be(truth[5]);
        result.Where("name", "f", "target").Should().Be(NullValue.Instance);
        result.Where("name", "l", "target").Should().Be(new StringValue("somewhere else"));
        result.Where("name", "l", "size").Should().Be(new SizeValue(14), "it is the link's, not its target's");
        result.Where("name", "f", "path").Should().Be(new StringValue("./f"));
    }

    [Fact]
    public async Task Owners_have_names_where_the_system_has_them()
    {
        await using var shell = await RemoteShell.ConnectAsync();
        await File.WriteAllTextAsync(shell.Folder["f"], "");

        var result = (await shell.RunAsync(new StageCall("ls", "f") { Demands = ["user", "group"] })).ShouldSucceed();

        var truth = (await ToolRun.Of("stat", ["-c", "%U %G", shell.Folder["f"]])).Text.Trim().Split(' ');
        result.Texts("user").Should().Equal(truth[0]);
        result.Texts("group").Should().Equal(truth[1]);
    }

    [Fact]
    public async Task Several_paths_are_listed_in_their_order_and_one_that_is_missing_is_an_error()
    {
        await using var shell = await RemoteShell.ConnectAsync();
        Directory.CreateDirectory(shell.Folder["d"]);
        await File.WriteAllTextAsync(shell.Folder["d/inside"], "");
        await File.WriteAllTextAsync(shell.Folder["f"], "");

        var result = await shell.RunAsync(new StageCall("ls", "f", "missing", "d", "d/inside") { Demands = ["path"] });

        result.Texts("name").Where(name => name is not ("." or "..")).Should().Equal("f", "inside", "d/inside");
        result.Texts("path").Where(path => !path.EndsWith('.')).Should().Equal("f", "d/inside", "d/inside");
        result.Messages.Should().Equal("missing: no such file or directory [ENOENT]");
        result.Status.Should().Be(1);
    }

    [Fact]
    public async Task A_link_to_a_directory_is_listed_as_one_and_a_broken_one_or_a_loop_as_itself()
    {
        await using var shell = await RemoteShell.ConnectAsync();
        Directory.CreateDirectory(shell.Folder["d"]);
        await File.WriteAllTextAsync(shell.Folder["d/inside"], "");
        File.CreateSymbolicLink(shell.Folder["to-d"], "d");
        File.CreateSymbolicLink(shell.Folder["broken"], "nowhere");
        File.CreateSymbolicLink(shell.Folder["loop"], "loop");

        (await shell.RunAsync("ls", "to-d")).ShouldSucceed().Texts("name").Should().BeEquivalentTo(".", "..", "inside");
        (await shell.RunAsync("ls", "broken", "loop")).ShouldSucceed().Texts("dtype").Should().Equal("DT_LNK", "DT_LNK");
        (await shell.RunAsync("ls", "-d", "to-d", "d")).ShouldSucceed().Texts("dtype").Should().Equal("DT_LNK", "DT_DIR");
    }

    [Fact]
    public async Task Names_are_bytes_whatever_bytes_they_are()
    {
        await using var shell = await RemoteShell.ConnectAsync();
        byte[] name = [.. "no "u8, 0xFF, 0xFE, (byte)'\n', (byte)'8'];
        await File.WriteAllTextAsync(shell.Folder["line\nbreak\tand \u001b[31m"], "");
        (await shell.RunAsync("write", "data", name)).ShouldSucceed();

        var result = (await shell.RunAsync(new StageCall("ls") { Demands = ["size"] })).ShouldSucceed();

        result.Column("name").Should().Contain(new BytesValue(name)).And.Contain(new StringValue("line\nbreak\tand \u001b[31m"));
        result.Column("size").Should().Contain(new SizeValue(4));
        (await shell.RunAsync("ls", name)).ShouldSucceed().Column("name").Should().Equal(new BytesValue(name));
        (await shell.RunAsync("ls", Encoding.UTF8.GetBytes("a\u001b\n"))).Messages.Should()
            .Equal("a\\x1b\\n: no such file or directory [ENOENT]");

        // .NET could not: its names are text.
        (await shell.RunAsync("rm", name)).ShouldSucceed();
    }

    [Fact]
    public async Task Ten_thousand_files_are_listed_with_their_sizes_and_removed()
    {
        await using var shell = await RemoteShell.ConnectAsync();
        Directory.CreateDirectory(shell.Folder["many"]);
        for (var number = 0; number < 10_000; number++)
            File.OpenHandle(shell.Folder[$"many/{number}"], FileMode.CreateNew, FileAccess.Write).Dispose();

        await File.WriteAllTextAsync(shell.Folder["many/9999"], "content");

        var result = (await shell.RunAsync(new StageCall("ls", "many") { Demands = ["size"] })).ShouldSucceed();

        result.Rows.Should().HaveCount(10_002);
        result.Texts("name").Should().OnlyHaveUniqueItems();
        result.Where("name", "9999", "size").Should().Be(new SizeValue(7));
        result.Where("name", "1234", "size").Should().Be(new SizeValue(0));

        (await shell.RunAsync("rm", "-r", "many")).ShouldSucceed();
        Directory.Exists(shell.Folder["many"]).Should().BeFalse();
    }

    [Fact]
    public async Task Sizes_of_a_thousand_files_cost_a_few_round_trips_and_none_when_nobody_asks()
    {
        var counted = new RecordingTransport(new UnixTransport(SysreqServer.SharedSocket));
        await using var shell = await RemoteShell.ConnectAsync(counted);
        for (var number = 0; number < 1000; number++)
            await File.WriteAllTextAsync(shell.Folder[$"{number}"], "");

        await shell.RunAsync("ls");
        var before = counted.RoundTrips;
        (await shell.RunAsync("ls")).Rows.Should().HaveCount(1002);
        var names = counted.RoundTrips - before;

        before = counted.RoundTrips;
        (await shell.RunAsync(new StageCall("ls") { Demands = ["size", "mode"] })).Rows.Should().HaveCount(1002);

        // A batch of 256 is some hundred requests of 56 bytes, which may go out in more than one piece.
        (counted.RoundTrips - before - names).Should().BeLessThan(100);
    }

    [Fact]
    public async Task A_later_stage_that_has_enough_ends_it()
    {
        await using var shell = await RemoteShell.ConnectAsync();

        (await shell.RunAsync(new StageCall("ls", "/proc") { Take = 1 })).Rows.Should().ContainSingle();
        (await shell.RunAsync("ls")).ShouldSucceed();
    }

    [Fact]
    public async Task A_file_that_is_gone_when_it_is_asked_about_is_an_error_in_the_place_of_its_values()
    {
        await using var shell = await RemoteShell.ConnectAsync();
        Directory.CreateDirectory(shell.Folder["secret"]);

        // A descriptor that is open while the directory is read, and closed when its status is asked for.
        var result = await shell.RunAsync(new StageCall("ls", "/proc/thread-self/fd") { Demands = ["mode"] });

        result.Column("mode").OfType<ErrorValue>().Should().ContainSingle()
            .Which.Errno.Should().Be("ENOENT");
        result.Errors.Should().BeEmpty();
    }

    private static string Moment(Value value)
    {
        var moment = value.Should().BeOfType<DateTimeValue>().Subject;
        return string.Create(CultureInfo.InvariantCulture, $"{moment.Seconds}.{moment.Nanoseconds:D9}");
    }
}
