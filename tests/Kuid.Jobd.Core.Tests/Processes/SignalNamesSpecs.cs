using Kuid.Jobd.Core.Processes;

namespace Kuid.Jobd.Core.Tests.Processes;

public sealed class SignalNamesSpecs
{
    [Theory]
    [InlineData(1, "SIGHUP")]
    [InlineData(2, "SIGINT")]
    [InlineData(3, "SIGQUIT")]
    [InlineData(6, "SIGABRT")]
    [InlineData(7, "SIGBUS")]
    [InlineData(8, "SIGFPE")]
    [InlineData(9, "SIGKILL")]
    [InlineData(10, "SIGUSR1")]
    [InlineData(11, "SIGSEGV")]
    [InlineData(12, "SIGUSR2")]
    [InlineData(13, "SIGPIPE")]
    [InlineData(14, "SIGALRM")]
    [InlineData(15, "SIGTERM")]
    [InlineData(16, "SIGSTKFLT")]
    [InlineData(17, "SIGCHLD")]
    [InlineData(18, "SIGCONT")]
    [InlineData(19, "SIGSTOP")]
    [InlineData(20, "SIGTSTP")]
    [InlineData(24, "SIGXCPU")]
    [InlineData(25, "SIGXFSZ")]
    [InlineData(29, "SIGIO")]
    [InlineData(30, "SIGPWR")]
    [InlineData(31, "SIGSYS")]
    [InlineData(32, "SIG32")]
    [InlineData(64, "SIG64")]
    [InlineData(0, "SIG0")]
    [InlineData(-1, "SIG-1")]
    public void A_signal_has_its_name_from_signal_7(int number, string name) => SignalNames.Of(number).Should().Be(name);
}
