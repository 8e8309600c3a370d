using System.Text;
using Kuid.Sysreq.Pipeline.Rows;
using Kuid.Sysreq.Pipeline.Values;
using Kuid.Sysreq.Tests.Remote;
using Kuid.TestKit;

namespace Kuid.Sysreq.Tests.Commands.Remote;

/// <summary><c>cat</c>, <c>tee</c>, <c>write</c>, <c>cmp</c> and <c>hexdump</c>: the bytes of files.</summary>
public sealed class ContentSpecs
{
    private static readonly byte[] Random = [.. Enumerable.Range(0, 700_000).Select(number => (byte)(number * 7919 >> 5))];

    [Theory]
    [MemberData(nameof(Hosts.All), MemberType = typeof(Hosts))]
    public async Task Cat_has_the_bytes_of_files_one_after_the_other(string host)
    {
        await using var shell = await RemoteShell.ConnectAsync(host);
        await File.WriteAllBytesAsync(shell.Folder["large"], Random);
        await File.WriteAllTextAsync(shell.Folder["small"], "small\0and\xff");
        await File.WriteAllTextAsync(shell.Folder["empty"], "");

        var one = (await shell.RunAsync("cat", "large")).ShouldSucceed();
        var several = (await shell.RunAsync("cat", "small", "empty", "large", "small")).ShouldSucceed();

        one.Data.Should().Equal(Random);
        several.Data.Should().Equal([.. "small\0and\xff"u8, .. Random, .. "small\0and\xff"u8]);
    }

    [Fact]
    public async Task What_cat_cannot_read_is_reported_in_its_place_and_the_rest_goes_on()
    {
        await using var shell = await RemoteShell.ConnectAsync();
        await File.WriteAllTextAsync(shell.Folder["a"], "a");
        await File.WriteAllTextAsync(shell.Folder["b"], "b");

        var result = await shell.RunAsync("cat", "a", "missing", ".", "b");

        result.Data.Should().Equal("ab"u8.ToArray());
        result.Messages.Should().Equal("missing: no such file or directory [ENOENT]", ".: is a directory [EISDIR]");
        result.Status.Should().Be(1);
    }

    [Fact]
    public async Task Files_that_say_they_are_empty_and_are_not_are_read()
    {
        await using var shell = await RemoteShell.ConnectAsync();

        var result = (await shell.RunAsync("cat", "/proc/version", "/proc/version")).ShouldSucceed();

        Encoding.UTF8.GetString(result.Data).Should().Be(string.Concat(Enumerable.Repeat(await File.ReadAllTextAsync("/proc/version"), 2)));
    }

    [Fact]
    public async Task Cat_without_a_file_is_its_input()
    {
        await using var shell = await RemoteShell.ConnectAsync();
        var input = GivenRowsSource.OfData("some"u8.ToArray());

        (await shell.RunAsync(new StageCall("cat") { Input = input })).ShouldSucceed().Data.Should().Equal("some"u8.ToArray());
    }

    [Fact]
    public async Task A_fifo_among_files_is_read_when_it_is_its_turn()
    {
        await using var shell = await RemoteShell.ConnectAsync(Hosts.Unix);
        await File.WriteAllTextAsync(shell.Folder["a"], "a");
        await ToolRun.Of("mkfifo", [shell.Folder["fifo"]]);
        var writing = ToolRun.Of("sh", ["-c", "printf through > \"$0\"", shell.Folder["fifo"]]);

        (await shell.RunAsync("cat", "a", "fifo", "a")).ShouldSucceed().Data.Should().Equal("athrougha"u8.ToArray());

        (await writing).ExitCode.Should().Be(0);
    }

    [Fact]
    public async Task A_later_stage_that_has_enough_of_an_endless_file_ends_it()
    {
        await using var shell = await RemoteShell.ConnectAsync();

        (await shell.RunAsync(new StageCall("cat", "/dev/zero") { Take = 1 })).Rows.Should().ContainSingle();
    }

    [Theory]
    [MemberData(nameof(Hosts.All), MemberType = typeof(Hosts))]
    public async Task Write_puts_its_data_into_every_file_and_nothing_else(string host)
    {
        await using var shell = await RemoteShell.ConnectAsync(host);
        await File.WriteAllTextAsync(shell.Folder["a"], "longer than what comes");

        (await shell.RunAsync("write", "data\n", "a", "b")).ShouldSucceed().Rows.Should().BeEmpty();
        (await shell.RunAsync("write", "-a", "more", "b")).ShouldSucceed();
        (await shell.RunAsync("write", "", "c")).ShouldSucceed();
        (await shell.RunAsync("write", new byte[] { 0xFF, 0xFE }, "d")).ShouldSucceed();

        (await File.ReadAllTextAsync(shell.Folder["a"])).Should().Be("data\n");
        (await File.ReadAllTextAsync(shell.Folder["b"])).Should().Be("data\nmore");
        (await File.ReadAllTextAsync(shell.Folder["c"])).Should().BeEmpty();
        (await File.ReadAllBytesAsync(shell.Folder["d"])).Should().Equal(0xFF, 0xFE);
    }

    [Fact]
    public async Task What_write_cannot_write_is_reported_and_the_rest_goes_on()
    {
        await using var shell = await RemoteShell.ConnectAsync();

        var result = await shell.RunAsync("write", "x", "no/such", ".", "f", "/dev/full");

        result.Messages.Should().Equal(
            "no/such: no such file or directory [ENOENT]", ".: is a directory [EISDIR]", "/dev/full: no space left on device [ENOSPC]");
        (await File.ReadAllTextAsync(shell.Folder["f"])).Should().Be("x");
    }

    [Fact]
    public async Task Tee_lets_rows_pass_and_writes_them_as_text()
    {
        await using var shell = await RemoteShell.ConnectAsync();
        Column[] columns = [new("name", ValueKind.String), new("size", ValueKind.Size)];
        var input = new GivenRowsSource(columns, [[new StringValue("a"), new SizeValue(1)], [new BytesValue(new byte[] { 0xFF }), NullValue.Instance]]);

        var result = (await shell.RunAsync(new StageCall("tee", "f", "g") { Input = input })).ShouldSucceed();

        result.Texts("size").Should().Equal("1", "");
        (await File.ReadAllBytesAsync(shell.Folder["f"])).Should().Equal([.. "a\t1\n"u8, 0xFF, .. "\t\n"u8]);
        (await File.ReadAllBytesAsync(shell.Folder["g"])).Should().Equal(await File.ReadAllBytesAsync(shell.Folder["f"]));
    }

    [Fact]
    public async Task Tee_writes_bytes_as_they_are_and_behind_what_there_is_with_a()
    {
        await using var shell = await RemoteShell.ConnectAsync();
        await File.WriteAllTextAsync(shell.Folder["f"], "before ");
        var input = new GivenRowsSource([DataColumn.Instance], [[new BytesValue(Random)], [new BytesValue("end"u8.ToArray())]]);

        (await shell.RunAsync(new StageCall("tee", "-a", "f") { Input = input })).ShouldSucceed().Data.Should().Equal([.. Random, .. "end"u8]);

        (await File.ReadAllBytesAsync(shell.Folder["f"])).Should().Equal([.. "before "u8, .. Random, .. "end"u8]);
    }

    [Fact]
    public async Task What_has_passed_tee_is_in_the_file_when_a_later_stage_has_enough()
    {
        await using var shell = await RemoteShell.ConnectAsync();
        var rows = Enumerable.Range(0, int.MaxValue).Select(number => new Value[] { new Int64Value(number) });
        var input = new GivenRowsSource([new("n", ValueKind.Int64)], rows);

        (await shell.RunAsync(new StageCall("tee", "f") { Input = input, Take = 3 })).Rows.Should().HaveCount(3);

        (await File.ReadAllTextAsync(shell.Folder["f"])).Should().Be("0\n1\n2\n");
    }

    [Fact]
    public async Task A_file_that_tee_cannot_write_is_reported_and_the_others_are_written()
    {
        await using var shell = await RemoteShell.ConnectAsync();
        var input = GivenRowsSource.OfData("some"u8.ToArray());

        var result = await shell.RunAsync(new StageCall("tee", "no/such", "/dev/full", "f") { Input = input });

        result.Data.Should().Equal("some"u8.ToArray());
        result.Messages.Should().Equal("no/such: no such file or directory [ENOENT]", "/dev/full: no space left on device [ENOSPC]");
        (await File.ReadAllTextAsync(shell.Folder["f"])).Should().Be("some");
        (await ToolRun.Of("ls", ["-l", $"/proc/{Environment.ProcessId}/fd"])).Text.Should().NotContain(shell.Folder["f"]);
    }

    [Fact]
    public async Task Cmp_says_whether_files_are_the_same_and_where_they_first_differ()
    {
        await using var shell = await RemoteShell.ConnectAsync();
        byte[] changed = [.. Random];
        changed[600_000] ^= 1;
        await File.WriteAllBytesAsync(shell.Folder["a"], Random);
        await File.WriteAllBytesAsync(shell.Folder["b"], Random);
        await File.WriteAllBytesAsync(shell.Folder["changed"], changed);
        await File.WriteAllBytesAsync(shell.Folder["shorter"], Random[..300_000]);
        await File.WriteAllBytesAsync(shell.Folder["empty"], []);

        await Expect("a", "b", new BoolValue(true), NullValue.Instance, 0);
        await Expect("a", "a", new BoolValue(true), NullValue.Instance, 0);
        await Expect("a", "changed", new BoolValue(false), new UInt64Value(600_000), 1);
        await Expect("a", "shorter", new BoolValue(false), new UInt64Value(300_000), 1);
        await Expect("shorter", "a", new BoolValue(false), new UInt64Value(300_000), 1);
        await Expect("empty", "a", new BoolValue(false), new UInt64Value(0), 1);
        await Expect("empty", "empty", new BoolValue(true), NullValue.Instance, 0);
        var missing = await shell.RunAsync("cmp", "a", "missing");
        missing.Messages.Should().Equal("missing: no such file or directory [ENOENT]");
        missing.Rows.Should().BeEmpty();

        async Task Expect(string first, string second, Value same, Value diff, int status)
        {
            var result = await shell.RunAsync("cmp", first, second);
            result.Rows.Should().ContainSingle().Which.Should().Equal(same, diff);
            result.Status.Should().Be(status);
        }
    }

    [Fact]
    public async Task Hexdump_has_sixteen_bytes_a_row_however_they_come()
    {
        await using var shell = await RemoteShell.ConnectAsync();
        await File.WriteAllTextAsync(shell.Folder["f"], "0123456789abcdef\n\0\x1b");
        var input = new GivenRowsSource([DataColumn.Instance], [[Bytes("012345678")], [Bytes("9abcdef\n")], [Bytes("\0\x1b")]]);

        foreach (var call in new[] { new StageCall("hexdump", "f"), new StageCall("hexdump") { Input = input } })
        {
            var result = (await shell.RunAsync(call)).ShouldSucceed();

            result.Texts("offset").Should().Equal("0", "16");
            result.Texts("hex").Should().Equal("30 31 32 33 34 35 36 37 38 39 61 62 63 64 65 66", "0a 00 1b");
            result.Texts("text").Should().Equal("0123456789abcdef", "...");
        }

        static BytesValue Bytes(string text) => new(Encoding.UTF8.GetBytes(text));
    }
}
