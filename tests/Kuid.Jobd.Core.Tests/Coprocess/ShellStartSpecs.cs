using Kuid.Jobd.Core.Coprocess;
using Kuid.Jobd.Core.Native;
using Kuid.Jobd.Core.Processes;

namespace Kuid.Jobd.Core.Tests.Coprocess;

/// <summary>What can be a session's shell.</summary>
public sealed class ShellStartSpecs
{
    [Fact]
    public async Task A_program_that_is_no_shell_is_named_with_what_it_said()
    {
        Func<Task> start = async () => await TestShell.StartAsync("/bin/ls");

        (await start.Should().ThrowAsync<CoprocessShellException>()).WithMessage("/bin/ls ended with exit 2 instead of waiting for a text*");
    }

    [Fact]
    public async Task A_program_that_is_not_there_is_an_error_of_its_start()
    {
        Func<Task> start = async () => await TestShell.StartAsync("/no/such/shell");

        (await start.Should().ThrowAsync<SpawnException>()).Which.Errno.Should().Be(Errno.ENOENT);
    }

    [Fact]
    public async Task Bash_by_another_name_is_known_as_what_it_is()
    {
        Assert.SkipUnless(File.Exists("/bin/bash"), "bash is not installed");
        using var folder = new Kuid.TestKit.TempFolder();
        string sh = File.CreateSymbolicLink(folder["sh"], "/bin/bash").FullName;
        await using TestShell shell = await TestShell.StartAsync(sh);

        TestShell.Answer answer = await shell.Run("echo ${BASH_VERSION:+bash} $0; a=(1 2); echo ${a[1]}");

        answer.Stdout.Should().Be($"bash {sh}\n2\n");
        (await shell.Run("if")).Status.HasEnded.Should().BeFalse("in its POSIX mode a syntax error would end a script");
        (await shell.Run("echo $-")).Stdout.Should().Contain("i");
    }

    [Theory]
    [InlineData("/with space/libkuidcoprocess.so")]
    [InlineData("/with:colon/libkuidcoprocess.so")]
    public void A_path_that_LD_PRELOAD_cannot_have_is_refused(string shim)
    {
        Action add = () => Preload.Into([], [], shim);

        add.Should().Throw<CoprocessShellException>().WithMessage($"*{shim}*");
    }

    [Fact]
    public async Task The_start_directory_and_variables_are_the_sessions()
    {
        await using TestShell shell = await TestShell.StartAsync("dash", null, "MINE=a=b c");

        (await shell.Run("echo \"$MINE\"; pwd")).Stdout.Should().Be($"a=b c\n{Environment.CurrentDirectory}\n");
    }
}
