using System.Globalization;
using Kuid.TestKit;

namespace Kuid.Jobd.Tests.Start;

public sealed class PidfileSpecs : IDisposable
{
    private readonly TempFolder _folder = new();

    private string Path => _folder["pid"];

    [Fact]
    public void It_holds_the_digits_of_the_pid_and_nothing_else_and_goes_with_the_daemon()
    {
        using (Pidfile.Write(Path))
        {
            File.ReadAllBytes(Path).Should().Equal(
                System.Text.Encoding.ASCII.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture)));
        }

        File.Exists(Path).Should().BeFalse();
    }

    [Fact]
    public void What_an_earlier_daemon_left_in_it_is_gone()
    {
        File.WriteAllText(Path, "1234567890\n");
        using var pidfile = Pidfile.Write(Path);
        File.ReadAllText(Path).Should().Be(Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData("precious")]
    [InlineData("12 34")]
    [InlineData("11111111111111111111111111111111111111111111")]
    public void A_file_that_is_no_pidfile_is_left_as_it_is(string content)
    {
        File.WriteAllText(Path, content);

        Action write = () => Pidfile.Write(Path);

        write.Should().Throw<StartException>().WithMessage($"pidfile {Path}: exists and is no pidfile; it is left as it is");
        File.ReadAllText(Path).Should().Be(content);
    }

    [Fact]
    public async Task A_running_daemons_pidfile_is_not_taken_over()
    {
        await using TestDaemon daemon = await TestDaemon.Start();
        string pid = daemon.Pid.ToString(CultureInfo.InvariantCulture);
        await File.WriteAllTextAsync(Path, pid, TestContext.Current.CancellationToken);

        Action second = () => Pidfile.Write(Path);

        second.Should().Throw<StartException>().Which.ExitCode.Should().Be(ExitCode.AlreadyRunning);
        (await File.ReadAllTextAsync(Path, TestContext.Current.CancellationToken)).Should().Be(pid);
    }

    [Fact]
    public void It_stays_when_another_has_taken_its_place()
    {
        Pidfile pidfile = Pidfile.Write(Path);

        // Renamed over it as a careful writer does, so that it is another inode at every moment.
        File.WriteAllText(_folder["new"], "1");
        File.Move(_folder["new"], Path, overwrite: true);
        pidfile.Dispose();
        File.ReadAllText(Path).Should().Be("1");
    }

    [Fact]
    public void That_it_has_gone_already_is_no_error()
    {
        Pidfile pidfile = Pidfile.Write(Path);
        File.Delete(Path);
        pidfile.Invoking(p => p.Dispose()).Should().NotThrow();
    }

    [Fact]
    public void A_symbolic_link_in_its_place_is_refused_and_its_target_stays()
    {
        File.WriteAllText(_folder["target"], "precious");
        File.CreateSymbolicLink(Path, _folder["target"]);
        Refusal(Path).Should().Contain("ELOOP");
        File.ReadAllText(_folder["target"]).Should().Be("precious");
    }

    [Fact]
    public void A_place_that_cannot_be_written_is_named()
    {
        Refusal(_folder["nowhere/pid"]).Should().Contain("ENOENT");
        Refusal(_folder.Path).Should().Contain("EISDIR");
    }

    public void Dispose() => _folder.Dispose();

    private static string Refusal(string path)
    {
        StartException refusal = FluentActions.Invoking(() => Pidfile.Write(path)).Should().Throw<StartException>().Which;
        refusal.ExitCode.Should().Be(ExitCode.System);
        refusal.Message.Should().Contain($"pidfile {path}");
        return refusal.Message;
    }
}
