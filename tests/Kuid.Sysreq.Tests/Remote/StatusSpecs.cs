using Kuid.Sysreq.Remote;
using Kuid.TestKit;

namespace Kuid.Sysreq.Tests.Remote;

/// <summary>What is known of files and of the system, on every kind of system; the framework says the same by its own way.</summary>
public sealed class StatusSpecs
{
    public static TheoryData<string> Everywhere => Hosts.All;

    [Theory, MemberData(nameof(Everywhere))]
    public async Task A_files_status_is_what_the_framework_sees(string host)
    {
        using var folder = new TempFolder();
        await using var client = await Hosts.ConnectAsync(host);
        var system = new RemoteSystem(client);
        File.WriteAllText(folder["a"], "hello");
        var modified = new UnixTime(1_000_000_000, 123_456_789);

        await system.ChangeModeAsync(folder["a"], 0x1A4);
        await system.TouchAsync(folder["a"], accessed: null, modified);
        var status = await system.StatAsync(folder["a"]);

        status.Size.Should().Be(5);
        status.Mode.Should().Be(0x81A4);
        status.Kind.Should().Be(FileKind.Regular);
        status.Links.Should().Be(1);
        status.Modified.Should().Be(modified);
        status.Modified.ToDateTimeOffset().Should().Be(new DateTimeOffset(File.GetLastWriteTimeUtc(folder["a"])));
        status.Accessed.ToDateTimeOffset().Should().BeCloseTo(DateTimeOffset.UtcNow, TimeSpan.FromMinutes(5));
    }

    [Theory, MemberData(nameof(Everywhere))]
    public async Task Many_files_have_their_status_or_their_error_in_order(string host)
    {
        using var folder = new TempFolder();
        await using var client = await Hosts.ConnectAsync(host);
        var system = new RemoteSystem(client);
        File.CreateSymbolicLink(folder["link"], "/dev/null");

        var followed = await system.StatAllAsync([folder["link"], folder["none"], "/proc"]);
        var itself = await system.StatAsync(folder["link"], followLinks: false);

        followed[0].Value.Kind.Should().Be(FileKind.CharacterDevice);
        followed[0].Value.SpecialDevice.Should().Be(0x103, "/dev/null is device 1:3");
        followed[1].Error!.ErrnoName.Should().Be("ENOENT");
        followed[2].Value.Kind.Should().Be(FileKind.Directory);
        itself.Kind.Should().Be(FileKind.SymbolicLink);
    }

    [Theory, MemberData(nameof(Everywhere))]
    public async Task Stat_of_each_machine_says_what_statx_says(string host)
    {
        await using var client = await Hosts.ConnectAsync(host);
        var system = new RemoteSystem(client);
        var status = await system.StatAsync("/dev/null");

        using var memory = await client.Scratch.RentAsync(1024);
        var batch = new Batch();
        batch.Upload(memory, "/dev/null\0"u8.ToArray());
        var call = batch.Call(client.Architecture.FindCall("newfstatat")!.Value, -100, memory.Address, memory.Address + 512, 0);
        var structure = batch.Download(memory, ReplyDecoder.LongestStatLength, 512);
        await client.SendAsync(batch);

        call.Result.Should().Be(0);
        ReplyDecoder.DecodeStat(client.Architecture, structure.Bytes.Span).Should().Be(status with { Born = null });
    }

    [Theory, MemberData(nameof(Everywhere))]
    public async Task The_systems_own_facts_are_read(string host)
    {
        await using var client = await Hosts.ConnectAsync(host);
        var system = new RemoteSystem(client);

        var name = await system.UnameAsync();
        var info = await system.SysinfoAsync();
        var files = await system.StatFileSystemAsync("/proc");
        var ids = await system.GetIdsAsync();
        var time = await system.GetTimeAsync();

        name.System.ToString().Should().Be("Linux");
        name.Machine.ToString().Should().Be(client.Architecture.Name);
        (await system.GetHostNameAsync()).Should().Be(name.Node);
        info.TotalMemory.Should().BeGreaterThan(info.FreeMemory).And.BeLessThan(1UL << 48);
        info.Uptime.Should().BePositive();
        files.Type.Should().Be(0x9FA0, "that is PROC_SUPER_MAGIC");
        ids.UserId.Should().Be((await system.StatAsync($"/proc/{client.Pid}")).UserId);
        time.ToDateTimeOffset().Should().BeCloseTo(DateTimeOffset.UtcNow, TimeSpan.FromMinutes(5));
    }

    [Theory, MemberData(nameof(Everywhere))]
    public async Task A_limit_of_the_server_is_set_and_seen(string host)
    {
        Assert.SkipWhen(host == Hosts.Local, "a process keeps its limits to itself (LocalSpecs)");
        Assert.SkipWhen(host == Hosts.Aarch64, "the emulator keeps limits to itself");
        await using var client = await Hosts.ConnectAsync(host);
        var system = new RemoteSystem(client);

        var before = await system.GetLimitAsync(Resource.OpenFiles);
        await system.SetLimitAsync(Resource.OpenFiles, before with { Soft = 64 });

        (await system.GetLimitAsync(Resource.OpenFiles)).Should().Be(before with { Soft = 64 });
    }

    [Fact]
    public async Task A_server_that_only_looks_says_so_and_reads_everything_but_writes_nothing()
    {
        using var folder = new TempFolder();
        using var server = new SysreqServer("look");
        await using var client = await SysreqClient.ConnectAsync(new UnixTransport(server.Socket));
        var system = new RemoteSystem(client);

        client.Ident.Look.Should().BeTrue();
        (await system.StatAsync("/dev/null")).Kind.Should().Be(FileKind.CharacterDevice);
        (await system.ReadFileAsync("/proc/self/comm")).Length.Should().BePositive();
        (await system.GetIdsAsync()).Should().NotBeNull();
        (await system.SysinfoAsync()).Uptime.Should().BePositive();
        var writing = () => system.WriteFileAsync(folder["a"], FileSpecs.Chunks("text"));
        (await writing.Should().ThrowAsync<SysreqException>()).Which.ErrnoName.Should().Be("EPERM");
        File.Exists(folder["a"]).Should().BeFalse();
    }

    [Theory, MemberData(nameof(Everywhere))]
    public async Task Signals_reach_only_those_that_exist(string host)
    {
        await using var client = await Hosts.ConnectAsync(host);

        var errors = await new RemoteSystem(client).KillAllAsync([client.Pid, int.MaxValue], signal: 0);

        errors[0].Should().BeNull();
        errors[1]!.Message.Should().Be("kill(2147483647, 0): ESRCH, no such process");
    }
}
