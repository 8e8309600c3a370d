using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Kuid.Jobd.Core.Native;
using Kuid.Jobd.Core.Services;

namespace Kuid.Cli.Tests.Services;

/// <summary>Calls whose program has the caller's socket.</summary>
public sealed class PlainRunSpecs
{
    private const string MoreThanABuffer = "1000000";

    [Fact]
    public async Task The_program_reads_and_writes_the_socket_and_its_end_is_reported()
    {
        using var call = new CallHarness();
        call.Begin("#!/bin/sh\necho \"$1|$2\"; echo oops >&2; cat; exit 3\n", framed: false, arguments: ["a b", "ö"]);

        await call.Write("typed\n");
        LibcSocket.ShutdownWrite(call.Caller.Fd);

        (await call.ReadAll()).Should().Be("a b|ö\noops\ntyped\n");
        (await call.Report()).Should().MatchRegex("^STARTED 7 [0-9]+$");
        (await call.Report()).Should().MatchRegex("^ENDED 7 768 [0-9]+ [0-9]+ [0-9]+ -1 -1$");
    }

    [Fact]
    public async Task A_script_without_an_interpreter_line_is_run_by_sh()
    {
        using var call = new CallHarness();
        call.Begin("echo \"$0 has $#: $*\"\n", framed: false, arguments: ["x", "y"]);

        (await call.ReadAll()).Should().Be($"{call["program"]} has 2: x y\n");
    }

    [Fact]
    public async Task The_program_knows_whose_call_it_is()
    {
        using var call = new CallHarness();
        call.Begin("#!/bin/sh\necho $KUID_SERVICE $KUID_CALL $KUID_PRINCIPAL $KUID_CLAIMED_USER\n", framed: false);

        (await call.ReadAll()).Should().Be("s 7 tcp ann\n");
    }

    [Fact]
    public async Task What_cannot_be_started_is_told_to_both_sides()
    {
        using var call = new CallHarness();
        call.Begin("#!/no/such/interpreter\n", framed: false);

        string why = $"exec {call["program"]}: ENOENT (No such file or directory)";
        (await call.ReadAll()).Should().Be($"error: {why}\n");
        (await call.Report()).Should().Be($"FAILED 7 {why}");
    }

    [Fact]
    public async Task A_caller_that_goes_away_ends_the_program_by_SIGHUP()
    {
        using var call = new CallHarness();
        call.Begin("#!/bin/sh\nexec 2>/dev/null\ntrap 'exit 9' HUP\necho ready\nwhile :; do sleep 0.05; done\n", framed: false);
        byte[] ready = new byte[6];
        await call.Caller.ReadAsync(ready);

        call.Caller.Dispose();

        (await call.Report()).Should().StartWith("STARTED 7 ");
        (await call.Report()).Should().StartWith($"ENDED 7 {9 << 8} ");
    }

    [Fact]
    public async Task The_superserver_ends_the_program_by_SIGTERM()
    {
        using var call = new CallHarness();
        call.Begin("#!/bin/sh\nexec sleep 1000\n", framed: false);
        (await call.Report()).Should().StartWith("STARTED 7 ");

        call.Ending.Request(15);

        (await call.Report()).Should().StartWith("ENDED 7 15 ");
        (await call.ReadAll()).Should().BeEmpty();
    }

    [Fact]
    public async Task A_caller_who_sends_no_more_gets_the_answer_all_the_same()
    {
        using var call = new CallHarness();
        call.Begin($"#!/bin/sh\ncat >/dev/null\nsleep 0.2\nhead -c {MoreThanABuffer} /dev/zero\n", framed: false);

        LibcSocket.ShutdownWrite(call.Caller.Fd);

        (await call.ReadAll()).Should().HaveLength(int.Parse(MoreThanABuffer, CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task Over_TCP_all_output_arrives_though_the_program_read_nothing_and_bytes_are_counted()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var client = new TcpClient();
        await client.ConnectAsync((IPEndPoint)listener.LocalEndpoint, TestContext.Current.CancellationToken);
        using Socket accepted = await listener.AcceptSocketAsync(TestContext.Current.CancellationToken);
        using var call = new CallHarness();
        NetworkStream stream = client.GetStream();
        await stream.WriteAsync(new byte[200_000], TestContext.Current.CancellationToken);

        // The superserver has read some lines before.
        accepted.Receive(new byte[50]).Should().Be(50);
        (SafeFd unused, SafeFd other) = LibcSocket.Pair();
        using (other)
        {
            call.Begin("#!/bin/sh\nhead -c 10000 >/dev/null; head -c 300000 /dev/zero\n", framed: false, callee: Duplicate(accepted), caller: unused);
            accepted.Dispose();

            byte[] buffer = new byte[400_000];
            (await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, TestContext.Current.CancellationToken)).Should().Be(300_000);
            (await call.Report()).Should().StartWith("STARTED 7 ");
            (await call.Report()).Should().EndWith(" 10000 300000");
        }
    }

    [Fact]
    public async Task Separate_standard_error_does_not_go_to_the_caller()
    {
        using var call = new CallHarness();
        call.Begin("#!/bin/sh\necho out; : >&2\n", framed: false, new ServiceDefinition { Name = "s", Stderr = StderrMode.Separate });

        (await call.ReadAll()).Should().Be("out\n");
        (await call.Report()).Should().StartWith("STARTED");
        (await call.Report()).Should().StartWith("ENDED 7 0 ");
    }

    // The socket stays its own owner's.
    private static SafeFd Duplicate(Socket socket) => LibcIo.Duplicate((int)socket.Handle);
}
