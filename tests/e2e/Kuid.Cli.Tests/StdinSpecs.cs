using System.Text;

namespace Kuid.Cli.Tests;

/// <summary><c>kuid stdin</c> with real jobs.</summary>
public sealed class StdinSpecs(RealDaemon daemon)
{
    [Fact]
    public async Task Pieces_are_put_behind_each_other_until_the_last_one_ends_it()
    {
        byte[] first = [0, 255, (byte)'\n'], second = new byte[3_000_000];
        new Random(1).NextBytes(second);
        string id = (await daemon.Kuid("submit", "--stdin-mode", "stream", "cat")).Text.TrimEnd('\n');

        (await Send(first, "stdin", id, "--no-eof")).Should().Be((0, string.Empty));
        (await Send([], "stdin", id, "--no-eof")).Should().Be((0, string.Empty));
        (await Send(second, "stdin", id)).Should().Be((0, string.Empty));

        (await daemon.Kuid("wait", id)).ExitCode.Should().Be(0);
        (await daemon.Kuid("logs", "--stdout", id)).Stdout.AsSpan().SequenceEqual((byte[])[.. first, .. second]).Should().BeTrue();
    }

    [Fact]
    public async Task A_piece_that_does_not_fit_is_refused_and_nothing_is_fed_twice()
    {
        string id = (await daemon.Kuid("submit", "--stdin-mode", "stream", "cat")).Text.TrimEnd('\n');
        (await Send(Encoding.UTF8.GetBytes("abc"), "stdin", id, "--no-eof")).Should().Be((0, string.Empty));

        (int code, string talk) = await Send(Encoding.UTF8.GetBytes("abcdef"), "stdin", id, "--offset", "0");

        code.Should().Be(125);
        talk.Should().StartWith("kuid: ").And.Contain("offset 3");
        (await Send(Encoding.UTF8.GetBytes("def"), "stdin", id, "--offset", "3")).Should().Be((0, string.Empty));
        (await daemon.Kuid("wait", id)).ExitCode.Should().Be(0);
        (await daemon.Kuid("logs", id)).Text.Should().Be("abcdef");
    }

    [Fact]
    public async Task A_job_that_takes_no_stdin_says_so()
    {
        string id = (await daemon.Kuid("submit", "true")).Text.TrimEnd('\n');
        await daemon.Kuid("wait", id);

        (int code, string talk) = await Send(Encoding.UTF8.GetBytes("x"), "stdin", id);

        code.Should().Be(125);
        talk.Should().StartWith("kuid: ").And.Contain(id);
    }

    private async Task<(int Code, string Talk)> Send(byte[] bytes, params string[] words)
    {
        ToolRun run = await KuidCommand.Run(words, bytes, ("KUID_SOCKET", daemon.Socket));
        return (run.ExitCode, run.Stderr);
    }
}
