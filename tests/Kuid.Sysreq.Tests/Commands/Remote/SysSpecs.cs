using System.Globalization;
using System.Text;
using Kuid.Sysreq.Pipeline.Values;
using Kuid.Sysreq.Tests.Remote;

namespace Kuid.Sysreq.Tests.Commands.Remote;

/// <summary><c>sys</c>: any system call.</summary>
public sealed class SysSpecs
{
    [Theory]
    [MemberData(nameof(Hosts.All), MemberType = typeof(Hosts))]
    public async Task A_call_is_made_by_name_and_by_number(string host)
    {
        await using var shell = await RemoteShell.ConnectAsync(host);
        var number = shell.System.Client.Architecture.FindCall("getpid")!.Value.Number.ToString(CultureInfo.InvariantCulture);

        (await shell.RunAsync("sys", "getpid")).ShouldSucceed().Only("result").Should().Be(new Int64Value(shell.System.Client.Pid));
        (await shell.RunAsync("sys", number)).ShouldSucceed().Only("result").Should().Be(new Int64Value(shell.System.Client.Pid));
    }

    [Theory]
    [MemberData(nameof(Hosts.All), MemberType = typeof(Hosts))]
    public async Task Texts_and_buffers_have_memory_for_the_call(string host)
    {
        await using var shell = await RemoteShell.ConnectAsync(host);
        await File.WriteAllTextAsync(shell.Folder["42"], "what is in it");

        var descriptor = (await shell.RunAsync("sys", "openat", "-100", "=42", "0x0")).ShouldSucceed().Texts("result")[0];
        var read = (await shell.RunAsync(new StageCall("sys", "read", descriptor, "@4KiB", "4096") { Demands = ["data"] })).ShouldSucceed();
        (await shell.RunAsync("sys", "close", descriptor)).ShouldSucceed();
        var cwd = (await shell.RunAsync(new StageCall("sys", "getcwd", "@4096", "4096") { Demands = ["data"] })).ShouldSucceed();

        read.Only("result").Should().Be(new Int64Value(13));
        read.Data.Should().HaveCount(4096);
        Encoding.UTF8.GetString(read.Data).TrimEnd('\0').Should().Be("what is in it");
        Encoding.UTF8.GetString(cwd.Data).TrimEnd('\0').Should().Be(shell.Folder.Path);
    }

    [Fact]
    public async Task Several_texts_do_not_run_into_each_other()
    {
        await using var shell = await RemoteShell.ConnectAsync();

        (await shell.RunAsync("sys", "symlinkat", "target text", "-100", "a link")).ShouldSucceed();

        File.ResolveLinkTarget(shell.Folder["a link"], returnFinalTarget: false)!.Name.Should().Be("target text");
    }

    [Fact]
    public async Task An_error_is_shown_by_name_and_the_status_is_1()
    {
        await using var shell = await RemoteShell.ConnectAsync();

        var result = await shell.RunAsync("sys", "openat", "-100", "missing", "0");

        result.Only("result").Should().Be(new Int64Value(-2));
        result.Only("errno").Should().Be(new StringValue("ENOENT"));
        result.Status.Should().Be(1);
        result.Errors.Should().BeEmpty();
        (await shell.RunAsync(new StageCall("sys", "getppid") { Demands = ["data"] })).Only("data").Should().Be(NullValue.Instance);
    }

    [Fact]
    public async Task A_call_that_there_is_not_is_said_with_the_nearest_one()
    {
        await using var shell = await RemoteShell.ConnectAsync();
        var machine = shell.System.Client.Architecture.Name;

        (await shell.RunAsync("sys", "getpit")).Messages.Should().Equal($"{machine} has no system call getpit (did you mean getpid?) []");
        (await shell.RunAsync("sys", "-1")).Messages.Should().Equal($"{machine} has no system call -1 []");
    }

    [Theory]
    [InlineData("read")]
    [InlineData("write")]
    public async Task The_connection_itself_is_left_alone(string call)
    {
        await using var shell = await RemoteShell.ConnectAsync();

        (await shell.RunAsync("sys", call, "3", "@16", "16")).Messages.Should()
            .Equal("descriptor 3 is the connection itself, which is neither read nor written by a call []");
        (await shell.RunAsync("hostname")).ShouldSucceed();
    }
}
