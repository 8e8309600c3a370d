using Kuid.Sysreq.Remote;

namespace Kuid.Sysreq.Tests.Remote;

/// <summary>What a client may do to the process whose thread makes its calls: nothing that the process does not survive.</summary>
public sealed class LocalSpecs
{
    [Theory, InlineData("clone"), InlineData("fork"), InlineData("vfork"), InlineData("clone3"), InlineData("execve"), InlineData("rt_sigaction")]
    public async Task A_call_that_a_runtime_does_not_survive_does_not_exist(string name)
    {
        await using var client = await Hosts.ConnectAsync(Hosts.Local);
        var call = client.Architecture.FindCall(name);
        Assert.SkipWhen(call is null, $"{client.Architecture.Name} has no {name}");

        var batch = new Batch();
        var request = batch.Call(call!.Value);
        await client.SendAsync(batch);

        request.Error.Should().Be(Errno.ENOSYS);
    }

    [Fact]
    public async Task The_limits_of_the_process_can_be_read_and_not_set()
    {
        await using var client = await Hosts.ConnectAsync(Hosts.Local);
        var system = new RemoteSystem(client);
        var limit = await system.GetLimitAsync(Resource.OpenFiles);

        var setting = async () => await system.SetLimitAsync(Resource.OpenFiles, limit with { Soft = limit.Soft - 1 });

        (await setting.Should().ThrowAsync<SysreqException>()).Which.Error.Should().Be(Errno.ENOSYS);
        (await system.GetLimitAsync(Resource.OpenFiles)).Should().Be(limit);
    }

    [Theory, InlineData("exit"), InlineData("exit_group")]
    public async Task Exit_ends_the_connection_and_nothing_else(string name)
    {
        await using var client = await Hosts.ConnectAsync(Hosts.Local);

        var exiting = async () => await client.CallAsync(client.Architecture.FindCall(name)!.Value.Number);

        await exiting.Should().ThrowAsync<ConnectionLostException>();
    }

    [Fact]
    public async Task Closing_every_descriptor_leaves_the_runtime_its_own()
    {
        await using var client = await Hosts.ConnectAsync(Hosts.Local);
        var closeRange = client.Architecture.FindCall("close_range")!.Value.Number;
        var system = new RemoteSystem(client);
        var opened = await system.OpenAsync("/", OpenFlags.Read);

        (await client.CallAsync(closeRange, 4, uint.MaxValue)).Should().Be(0);
        for (var descriptor = 4; descriptor < 300; descriptor++)
            (await client.CallAsync(client.Architecture.FindCall("close")!.Value.Number, descriptor)).Should().Be(-Errno.EBADF.Number);

        (await system.OpenAsync("/", OpenFlags.Read)).Should().Be(opened);
        (await system.ReadFileAsync("/proc/version")).Length.Should().BePositive();
    }

    [Fact]
    public async Task A_bad_address_is_an_error_and_the_stream_stays_in_step()
    {
        await using var client = await Hosts.ConnectAsync(Hosts.Local);
        using var lease = await client.Scratch.RentAsync(100_000);
        var bad = new ScratchLease(client.Scratch, client.Architecture.Calls, 0x10, 200_000);
        var batch = new Batch();
        var good = batch.Upload(lease, "hello"u8.ToArray());
        var badUpload = batch.Upload(bad, new byte[200_000]);
        var badDownload = batch.Download(bad, 200_000);
        var goodDownload = batch.Download(lease, 5);
        var halfGood = batch.Call(client.Architecture.FindCall("chdir")!.Value, 0x10);

        var sending = () => client.SendAsync(batch);

        (await sending.Should().ThrowAsync<SysreqException>()).WithMessage("upload(200000 bytes): EFAULT, bad address");
        good.Result.Should().Be(5);
        badUpload.Error.Should().Be(Errno.EFAULT);
        badDownload.Error.Should().Be(Errno.EFAULT);
        badDownload.Bytes.ToArray().Should().OnlyContain(value => value == 0);
        goodDownload.Bytes.ToArray().Should().Equal("hello"u8.ToArray());
        halfGood.Error.Should().Be(Errno.EFAULT);
    }

    [Fact]
    public async Task Memory_of_others_is_neither_unmapped_nor_protected_nor_mapped_over()
    {
        await using var client = await Hosts.ConnectAsync(Hosts.Local);
        using var lease = await client.Scratch.RentAsync(4096);
        var own = lease.Address & ~4095L;

        long Number(string name) => client.Architecture.FindCall(name)!.Value.Number;
        var unmapped = await client.CallAsync(Number("munmap"), 0x400000, 4096);
        var isProtected = await client.CallAsync(Number("mprotect"), 0x400000, 4096, 0);
        var over = await client.CallAsync(Number("mmap"), own, 4096, 3, 0x32, -1);
        var mapped = await client.CallAsync(Number("mmap"), 0, 8192, 3, 0x22, -1);

        new[] { unmapped, isProtected, over }.Should().OnlyContain(result => result == -Errno.EINVAL.Number);
        mapped.Should().BePositive();
        (await client.CallAsync(Number("mprotect"), mapped + 4096, 4096, 1)).Should().Be(0);
        (await client.CallAsync(Number("munmap"), mapped, 8192)).Should().Be(0);
        (await client.CallAsync(Number("munmap"), mapped, 8192)).Should().Be(-Errno.EINVAL.Number);
    }

    [Fact]
    public async Task Hundreds_of_connections_leave_nothing_behind()
    {
        await using (await Hosts.ConnectAsync(Hosts.Local))
        {
            // The first one makes what all share.
        }

        var before = Directory.GetFiles("/proc/self/fd").Length;
        for (var i = 0; i < 200; i++)
        {
            await using var client = await Hosts.ConnectAsync(Hosts.Local);
            await new RemoteSystem(client).OpenAsync("/", OpenFlags.Read);
        }

        Directory.GetFiles("/proc/self/fd").Length.Should().BeLessThan(before + 100, "their descriptors are not this process's");
        await Kuid.TestKit.Eventually.Holds(
            () => Directory.GetDirectories("/proc/self/task").Count(task => Comm(task).StartsWith("local system", StringComparison.Ordinal)) < 50,
            "their threads have ended, but for those of other tests");

        static string Comm(string task)
        {
            try
            {
                return File.ReadAllText(Path.Combine(task, "comm"));
            }
            catch (IOException)
            {
                return "";
            }
        }
    }
}
