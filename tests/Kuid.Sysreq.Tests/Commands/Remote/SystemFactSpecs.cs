using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Kuid.Sysreq.Pipeline.Commands.Remote.Parsing;
using Kuid.Sysreq.Pipeline.Values;
using Kuid.Sysreq.Tests.Remote;
using Kuid.TestKit;

namespace Kuid.Sysreq.Tests.Commands.Remote;

/// <summary>What a system says of itself, compared with what its own tools say.</summary>
public sealed class SystemFactSpecs
{
    [Theory]
    [MemberData(nameof(Hosts.All), MemberType = typeof(Hosts))]
    public async Task Uname_and_hostname_are_those_of_the_kernel(string host)
    {
        await using var shell = await RemoteShell.ConnectAsync(host);

        var result = (await shell.RunAsync(new StageCall("uname") { Demands = ["domainname"] })).ShouldSucceed();

        // The emulator says what it emulates.
        foreach (var (column, option) in new[] { ("sysname", "-s"), ("nodename", "-n"), ("release", "-r"), ("version", "-v") })
            result.Texts(column).Should().Equal((await ToolRun.Of("uname", [option])).Text.TrimEnd('\n'));

        if (host != Hosts.Aarch64)
            result.Texts("machine").Should().Equal((await ToolRun.Of("uname", ["-m"])).Text.TrimEnd('\n'));

        result.Texts("domainname").Should().Equal((await File.ReadAllTextAsync("/proc/sys/kernel/domainname")).TrimEnd('\n'));
        (await shell.RunAsync("hostname")).ShouldSucceed().Texts("hostname").Should().Equal(result.Texts("nodename"));
    }

    [Fact]
    public async Task The_date_is_between_before_and_after()
    {
        await using var shell = await RemoteShell.ConnectAsync();

        var before = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        var date = (await shell.RunAsync("date")).ShouldSucceed().Only("date").Should().BeOfType<DateTimeValue>().Subject;

        date.Seconds.Should().BeInRange(before, DateTimeOffset.UtcNow.ToUnixTimeSeconds());
    }

    [Fact]
    public async Task The_uptime_is_that_of_proc_and_since_is_so_long_ago()
    {
        await using var shell = await RemoteShell.ConnectAsync();

        var before = await UptimeAsync();
        var result = (await shell.RunAsync(new StageCall("uptime") { Demands = ["since"] })).ShouldSucceed();
        var after = await UptimeAsync();

        var uptime = result.Only("uptime").Should().BeOfType<DurationValue>().Subject.Nanoseconds / 1_000_000_000;

        // sysinfo rounds up.
        uptime.Should().BeInRange((long)before, (long)after + 1);
        result.Only("since").Should().BeOfType<DateTimeValue>().Which.Seconds.Should()
            .BeCloseTo(DateTimeOffset.UtcNow.ToUnixTimeSeconds() - (long)after, 2 + (ulong)(after - before));
        result.Only("load1").Should().BeOfType<FloatValue>().Which.Number.Should().BeGreaterThanOrEqualTo(0);

        static async Task<double> UptimeAsync() =>
            double.Parse((await File.ReadAllTextAsync("/proc/uptime")).Split(' ')[0], CultureInfo.InvariantCulture);
    }

    [Theory]
    [MemberData(nameof(Hosts.All), MemberType = typeof(Hosts))]
    public async Task Id_is_whose_rights_the_server_has(string host)
    {
        await using var shell = await RemoteShell.ConnectAsync(host);

        var result = (await shell.RunAsync(new StageCall("id") { Demands = ["group", "user"] })).ShouldSucceed();

        result.Texts("uid").Should().Equal((await ToolRun.Of("id", ["-u"])).Text.Trim());
        result.Texts("egid").Should().Equal((await ToolRun.Of("id", ["-g"])).Text.Trim());
        result.Texts("user").Should().Equal((await ToolRun.Of("id", ["-un"])).Text.Trim());
        result.Texts("group").Should().Equal((await ToolRun.Of("id", ["-gn"])).Text.Trim());
        result.Only("groups").Should().BeOfType<ListValue>().Which.Items.Select(ValueText.Of).Should()
            .BeSubsetOf((await ToolRun.Of("id", ["-G"])).Text.Trim().Split(' '));
    }

    [Fact]
    public async Task Free_is_meminfo()
    {
        await using var shell = await RemoteShell.ConnectAsync();

        var result = (await shell.RunAsync("free")).ShouldSucceed();

        var total = (await File.ReadAllLinesAsync("/proc/meminfo")).Single(line => line.StartsWith("MemTotal:", StringComparison.Ordinal));
        var bytes = long.Parse(total.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
        result.Texts("kind").Should().Equal("mem", "swap");
        result.Where("kind", "mem", "total").Should().Be(new SizeValue(bytes));
        var parts = new[] { "used", "available", "free", "cache" }.Select(name => ((SizeValue)result.Where("kind", "mem", name)).Bytes).ToList();
        parts.Should().OnlyContain(part => part >= 0 && part <= bytes);
        (parts[0] + parts[1]).Should().Be(bytes);
        result.Where("kind", "swap", "cache").Should().Be(NullValue.Instance);
    }

    [Theory]
    [MemberData(nameof(Hosts.All), MemberType = typeof(Hosts))]
    public async Task Df_is_what_statfs_says_of_the_file_system_of_a_path(string host)
    {
        await using var shell = await RemoteShell.ConnectAsync(host);

        var result = (await shell.RunAsync(new StageCall("df", ".", "/proc") { Demands = ["inodes"] })).ShouldSucceed();

        var truth = (await ToolRun.Of("df", ["-B1", "--output=target,size,itotal", shell.Folder.Path])).Text.Split('\n')[1]
            .Split(' ', StringSplitOptions.RemoveEmptyEntries);
        result.Texts("target").Should().Equal(truth[0], "/proc");
        result.Texts("size").Should().Equal(truth[1], "0");
        result.Texts("inodes")[0].Should().Be(truth[2]);
        result.Texts("type")[1].Should().Be("proc");
    }

    [Fact]
    public async Task Df_has_all_that_have_a_size_and_with_a_those_without()
    {
        await using var shell = await RemoteShell.ConnectAsync();

        var some = (await shell.RunAsync("df")).Texts("target");
        var all = (await shell.RunAsync("df", "-a")).Texts("target");

        some.Should().NotContain("/proc").And.BeSubsetOf(all);
        all.Should().Contain("/proc");
        (await shell.RunAsync("df", "missing", "/")).Messages.Should().Equal("missing: no such file or directory [ENOENT]");
    }

    [Fact]
    public async Task Mounts_are_those_that_findmnt_knows()
    {
        Assert.SkipUnless(ToolRun.Exists("findmnt"), "findmnt is not installed, with whose list the mounts are compared");
        await using var shell = await RemoteShell.ConnectAsync();

        var result = (await shell.RunAsync("mounts")).ShouldSucceed();

        var truth = (await ToolRun.Of("findmnt", ["-rn", "-o", "TARGET"])).Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        result.Texts("target").Where(target => !target.Contains(' ', StringComparison.Ordinal)).Should()
            .BeEquivalentTo(truth.Where(target => !target.Contains("\\x20", StringComparison.Ordinal)));
        result.Where("target", "/proc", "type").Should().Be(new StringValue("proc"));
    }

    [Fact]
    public async Task A_socket_that_listens_is_in_netstat_with_its_address()
    {
        await using var shell = await RemoteShell.ConnectAsync();
        using var tcp = new TcpListener(IPAddress.Loopback, 0);
        tcp.Start();
        using var udp = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        using var unix = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        unix.Bind(new UnixDomainSocketEndPoint(shell.Folder["a socket"]));
        unix.Listen();

        var result = await shell.RunAsync(new StageCall("netstat") { Demands = ["type", "recv_q"] });

        result.Messages.Should().BeEmpty();
        Row("local_port", Port(tcp.LocalEndpoint)).Should().StartWith("tcp listen 127.0.0.1");
        Row("local_port", Port(udp.Client.LocalEndPoint!)).Should().StartWith("udp close 127.0.0.1");
        Row("local_address", shell.Folder["a socket"]).Should().StartWith("unix listen").And.EndWith("stream");
        var only = (await shell.RunAsync("netstat", "udp", "unix")).ShouldSucceed();
        only.Texts("protocol").Distinct(StringComparer.Ordinal).Should().BeEquivalentTo("udp", "unix");

        string Row(string column, string text)
        {
            var columns = new[] { "protocol", "state", "local_address", "type" };
            var index = Enumerable.Range(0, result.Rows.Count).Single(row => result.Texts(column)[row] == text);
            return string.Join(' ', columns.Select(name => result.Texts(name)[index]));
        }

        static string Port(EndPoint point) => ((IPEndPoint)point).Port.ToString(CultureInfo.InvariantCulture);
    }

    [Fact]
    public async Task Dmesg_has_the_kernels_log_or_says_that_it_may_not()
    {
        await using var shell = await RemoteShell.ConnectAsync();

        var result = await shell.RunAsync(new StageCall("dmesg") { Demands = ["facility"] });

        if (result.Messages.Any(message => message.Contains("EPERM", StringComparison.Ordinal)))
            Assert.Skip($"the kernel keeps its log from this user: {result.Messages.First()}");

        // The oldest line may have lost its beginning to newer ones.
        result.Errors.Should().HaveCountLessThanOrEqualTo(1);
        result.Column("loglevel").Should().OnlyContain(value => ((EnumValue)value).Name == KernelLogEntry.Levels[(int)((EnumValue)value).Number]);
        var messages = (await ToolRun.Of("dmesg", ["--raw"])).Text;
        result.Texts("message").Take(20).Should().OnlyContain(message => messages.Contains(message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(Hosts.Unix)]
    [InlineData(Hosts.Exec)]
    public async Task A_limit_is_shown_and_set(string host)
    {
        await using var shell = await RemoteShell.ConnectAsync(host);

        (await shell.RunAsync("ulimit", "nofile", "128", "256")).ShouldSucceed().Rows.Should().BeEmpty();
        (await shell.RunAsync("ulimit", "nofile", "64")).ShouldSucceed();
        (await shell.RunAsync("ulimit", "core", "1MiB", "unlimited")).Errors.Should().HaveCountLessThanOrEqualTo(1);
        (await shell.RunAsync("ulimit", "core", "0", "0")).ShouldSucceed();

        var limit = (await shell.RunAsync("ulimit", "nofile")).ShouldSucceed();
        limit.Rows.Should().ContainSingle().Which.Should().Equal(
            new StringValue("nofile"), new UInt64Value(64), new UInt64Value(256), new StringValue("descriptors"));
        (await shell.RunAsync("ulimit", "core")).ShouldSucceed().Only("soft").Should().Be(new SizeValue(0));
        (await shell.RunAsync("ulimit", "nofile", "257")).Messages.Should().Equal("nofile: the hard limit is 256 []");
        var all = (await shell.RunAsync("ulimit")).ShouldSucceed();
        all.Rows.Should().HaveCount(16);
        all.Texts("name").Should().BeInAscendingOrder(StringComparer.Ordinal);
        var truth = await File.ReadAllTextAsync($"/proc/{shell.System.Client.Pid}/limits");
        truth.Should().MatchRegex("Max open files +64 +256 +files");
    }

    [Fact]
    public async Task No_limit_is_called_unlimited()
    {
        await using var shell = await RemoteShell.ConnectAsync(Hosts.Unix);
        var limits = await File.ReadAllLinesAsync($"/proc/{shell.System.Client.Pid}/limits");
        Assert.SkipUnless(
            limits.Single(line => line.StartsWith("Max cpu time", StringComparison.Ordinal)).Contains("unlimited  ", StringComparison.Ordinal),
            "whoever runs the tests has a limited CPU time");

        (await shell.RunAsync("ulimit", "cpu")).ShouldSucceed().Only("soft").Should().Be(new StringValue("unlimited"));
        (await shell.RunAsync("ulimit", "cpu", "unlimited")).ShouldSucceed();
    }
}
