using System.Globalization;

namespace Kuid.Services.Tests;

/// <summary>Plain mode at full length: the superserver steps aside.</summary>
public sealed class HandOverSpecs
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_gigabyte_comes_through(bool tcp)
    {
        const int Megabytes = 1000;
        await using ServicesDaemon daemon = await ServicesDaemon.Start(tcp: tcp);
        await using AdvertiseCommand subserver = Offer(daemon, Megabytes);
        await subserver.Says("zeros is offered");
        using Caller caller = await daemon.Connect();
        await caller.Send("zeros\n\n\n");

        (await Length(caller)).Should().Be(Caller.Welcome.Length + (Megabytes * 1_000_000L));
    }

    [Fact]
    public async Task Strace_sees_the_superserver_copy_nothing_after_the_hand_over()
    {
        Assert.SkipUnless(ToolRun.Exists("strace"), "strace is not installed (packages.sh test)");
        ToolRun probe = await ToolRun.Of("strace", ["-o", "/dev/null", "true"]);
        Assert.SkipUnless(probe.ExitCode == 0, "strace may not trace here");
        const int Megabytes = 50;
        await using ServicesDaemon daemon = await ServicesDaemon.Start(tcp: true);
        await using AdvertiseCommand subserver = Offer(daemon, Megabytes);
        await subserver.Says("zeros is offered");
        string trace = daemon.Daemon.Folder["trace"];
        Task<ToolRun> tracing = ToolRun.Of(
            "strace",
            [
                "-f", "-e", "trace=read,recvfrom,recvmsg,readv,write,sendto,sendmsg,writev,sendfile,splice", "-o", trace,
                "-p", daemon.Daemon.Pid.ToString(CultureInfo.InvariantCulture),
            ]);
        await Eventually.Holds(() => TracerOf(daemon.Daemon.Pid) != 0, "strace is attached");
        int strace = TracerOf(daemon.Daemon.Pid);

        using Caller caller = await daemon.Connect();
        await caller.Send("zeros\n\n\n");
        (await Length(caller)).Should().Be(Caller.Welcome.Length + (Megabytes * 1_000_000L));
        await daemon.NewestJob(job => job.GetProperty("finishedAt").ValueKind == System.Text.Json.JsonValueKind.String, "the call is over");
        await ToolRun.Of("kill", ["-INT", strace.ToString(CultureInfo.InvariantCulture)]);
        await tracing;

        long copied = (await File.ReadAllLinesAsync(trace, TestContext.Current.CancellationToken)).Sum(BytesOf);
        copied.Should().BeGreaterThan(Caller.Welcome.Length, "the request, the messages and the history are among them").And.BeLessThan(1_000_000);
    }

    private static AdvertiseCommand Offer(ServicesDaemon daemon, int megabytes) => AdvertiseCommand.Start(
        daemon.Daemon.Folder,
        daemon.Registry,
        $"[zeros]\npath = {AdvertiseCommand.Program(daemon.Daemon.Folder, "zeros", string.Create(CultureInfo.InvariantCulture, $"#!/bin/sh\nexec head -c {megabytes}000000 /dev/zero\n"))}\n");

    private static async Task<long> Length(Caller caller)
    {
        byte[] buffer = new byte[1 << 20];
        long length = 0;
        int n;
        while ((n = await caller.Socket.ReceiveAsync(buffer)) > 0)
        {
            length += n;
        }

        return length;
    }

    private static int TracerOf(int pid) => int.Parse(
        File.ReadLines($"/proc/{pid}/status").First(line => line.StartsWith("TracerPid:", StringComparison.Ordinal))["TracerPid:".Length..],
        CultureInfo.InvariantCulture);

    // "1234 write(5, "..."..., 512) = 512"
    private static long BytesOf(string line) =>
        long.TryParse(line[(line.LastIndexOf(" = ", StringComparison.Ordinal) + 3)..].Split(' ')[0], NumberStyles.None, CultureInfo.InvariantCulture, out long bytes)
            ? bytes
            : 0;
}
