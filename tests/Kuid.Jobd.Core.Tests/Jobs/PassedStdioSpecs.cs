using System.Text;
using Kuid.Jobd.Core.Jobs;
using Kuid.Jobd.Core.Native;
using Kuid.Jobd.Core.Output;
using Kuid.Jobd.Core.Processes;
using Kuid.TestKit;

namespace Kuid.Jobd.Core.Tests.Jobs;

/// <summary>Jobs on descriptors of their submitter's: no pipes, no output, and nothing stays open in the daemon.</summary>
[Collection(nameof(Alone))]
public sealed class PassedStdioSpecs : IAsyncDisposable
{
    private readonly Engine _engine = new();
    private readonly SafeFd _read;
    private readonly Stdio _stdio;

    public PassedStdioSpecs()
    {
        (_read, SafeFd write) = LibcIo.Pipe();
        _stdio = new Stdio(LibcFiles.OpenOwn("/dev/null", UnixFileMode.None), write, write);
    }

    [Fact]
    public async Task What_it_writes_goes_to_them_alone_and_they_are_closed_when_it_runs()
    {
        using Job job = Submit("echo out; echo err >&2");

        (await job.Ended).Reason.Should().Be(JobReason.Exit);

        ReadAll().Should().Be("out\nerr\n", "the end of it comes, so nobody has the other end open");
        job.Output.Produced(OutputStream.Stdout).Should().Be(0);
    }

    [Fact]
    public async Task They_are_closed_when_it_cannot_be_started()
    {
        using Job job = _engine.Submit(Specs.Shell(":", spec => spec with
        {
            Process = new ProcessSpec("/nonexistent"u8.ToArray(), ["x"u8.ToArray()]),
            Stdio = _stdio,
        }));

        (await job.Ended).Reason.Should().Be(JobReason.Spawn);

        ReadAll().Should().BeEmpty();
    }

    [Fact]
    public async Task It_ends_with_its_process_though_descendants_keep_them()
    {
        using Job job = Submit("sleep 1000 & echo $!");

        (await job.Ended).Status!.Value.Raw.Should().Be(0);

        byte[] pid = new byte[20];
        int n = LibcIo.Read(_read, pid);
        using var kill = System.Diagnostics.Process.Start("kill", [Encoding.ASCII.GetString(pid, 0, n).Trim()]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        ReadAll().Should().BeEmpty();
    }

    [Fact]
    public async Task It_can_be_cancelled_and_signalled_as_any_other()
    {
        using Job job = Submit("trap 'echo caught; exit 5' USR1; echo ready; while :; do sleep 0.01; done");
        LibcIo.Read(_read, new byte[20]).Should().Be("ready\n".Length);

        // The process has written before the daemon has noted that it runs.
        await Eventually.Holds(() => job.Signal(10), "the job has its process");

        (await job.Ended).Status!.Value.ExitCode.Should().Be(5);
        ReadAll().Should().EndWith("caught\n");
    }

    public async ValueTask DisposeAsync()
    {
        await _engine.DisposeAsync();
        _stdio.Dispose();
        _read.Dispose();
    }

    private Job Submit(string command) => _engine.Shell(command, spec => spec with { Stdio = _stdio, PassedThrough = true });

    private string ReadAll()
    {
        var text = new MemoryStream();
        Span<byte> buffer = stackalloc byte[256];
        int n;
        while ((n = LibcIo.Read(_read, buffer)) > 0)
        {
            text.Write(buffer[..n]);
        }

        return Encoding.ASCII.GetString(text.ToArray());
    }
}
