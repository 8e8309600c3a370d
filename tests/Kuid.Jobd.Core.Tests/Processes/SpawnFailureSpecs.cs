using Kuid.Jobd.Core.Descriptors;
using Kuid.Jobd.Core.Native;
using Kuid.Jobd.Core.Processes;
using Kuid.TestKit;

namespace Kuid.Jobd.Core.Tests.Processes;

/// <summary>
/// Row 45: a start that fails says the step, what it worked on and the error, and leaves nothing behind. setsid, the signals
/// and close_range cannot be made to fail from outside; the shim's own tests inject those.
/// </summary>
[Collection(nameof(Alone))]
public sealed class SpawnFailureSpecs : IDisposable
{
    private const int EBADF = 9;
    private const int E2BIG = 7;
    private const int ENOEXEC = 8;
    private const int ENOTDIR = 20;

    private readonly Reactor _reactor = new();
    private readonly TempFolder _folder = new();
    private readonly Spawner _spawner;

    public SpawnFailureSpecs() => _spawner = new Spawner(_reactor, InheritedEnvironment.OfThisProcess());

    public void Dispose()
    {
        _spawner.Dispose();
        _reactor.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public Task Row_45_a_program_that_is_not_there() =>
        Fails(Specs.Program("/no/such/program"), SpawnStep.Exec, Errno.ENOENT, "exec /no/such/program: ENOENT (*)");

    [Fact]
    public Task Row_45_a_name_that_is_not_on_the_path() =>
        Fails(Specs.Program("no-such-program"), SpawnStep.Exec, Errno.ENOENT, "exec no-such-program: ENOENT (*)");

    [Fact]
    public Task Row_45_an_empty_name() => Fails(Specs.Program(string.Empty), SpawnStep.Exec, Errno.ENOENT, "exec : ENOENT (*)");

    [Fact]
    public Task Row_45_a_file_that_is_not_executable()
    {
        File.WriteAllText(_folder["plain"], "#!/bin/sh\n");
        return Fails(Specs.Program(_folder["plain"]), SpawnStep.Exec, Errno.EACCES, $"exec {_folder["plain"]}: EACCES (*)");
    }

    [Fact]
    public Task Row_45_an_executable_file_that_is_no_program()
    {
        File.WriteAllText(_folder["text"], "no shebang here\n");
        File.SetUnixFileMode(_folder["text"], UnixFileMode.UserRead | UnixFileMode.UserExecute);
        return Fails(Specs.Program(_folder["text"]), SpawnStep.Exec, ENOEXEC, $"exec {_folder["text"]}: * (*)");
    }

    [Fact]
    public async Task Row_45_one_argument_may_have_131071_bytes_and_not_one_more()
    {
        using (ChildProcess child = await _spawner.SpawnAsync(Specs.Program("/bin/true", new string('x', 131071))))
        {
            await child.Exited.WaitAsync(Reading.Limit);
            child.TryReap()!.Value.Status.Succeeded.Should().BeTrue();
        }

        await Fails(Specs.Program("/bin/true", new string('x', 131072)), SpawnStep.Exec, E2BIG, "exec /bin/true: E2BIG (*)");
    }

    [Fact]
    public Task Row_45_a_working_directory_that_is_not_there() => Fails(
        Specs.Program("/bin/true") with { WorkingDirectory = "/no/such/directory"u8.ToArray() },
        SpawnStep.Chdir, Errno.ENOENT, "chdir for /no/such/directory to run /bin/true: ENOENT (*)");

    [Fact]
    public Task Row_45_a_working_directory_that_is_none() => Fails(
        Specs.Program("/bin/true") with { WorkingDirectory = "/bin/true"u8.ToArray() },
        SpawnStep.Chdir, ENOTDIR, "chdir for /bin/true to run /bin/true: * (*)");

    [Fact]
    public void Row_45_a_descriptor_for_the_stdio_that_is_not_open()
    {
        (SafeFd read, SafeFd write) = LibcIo.Pipe();
        using SafeFd stdin = read, stderr = write;
        using var closed = new SafeFd(-1);

        Action execute = () => SpawnCall.Execute(
            Specs.Program("/bin/true"), new Stdio(stdin, closed, stderr), InheritedEnvironment.OfThisProcess());

        SpawnException failure = execute.Should().Throw<SpawnException>().Which;
        (failure.Step, failure.Errno).Should().Be((SpawnStep.Stdio, EBADF));
        failure.Message.Should().StartWith("dup2 the stdio of /bin/true: ");
        ProcessTable.Children(Environment.ProcessId).Should().BeEmpty();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(5)]
    public async Task Row_45_not_enough_descriptors_left_for_the_pipes(int left)
    {
        IReadOnlyDictionary<string, int> before = OwnDescriptors.Count();
        using (OpenFiles.Leaving(left))
        {
            Func<Task> spawn = () => _spawner.SpawnAsync(Specs.Program("/bin/true"));
            SpawnException failure = (await spawn.Should().ThrowAsync<SpawnException>()).Which;
            (failure.Step, failure.Errno).Should().Be((SpawnStep.Pipe, Errno.EMFILE));
            failure.Message.Should().StartWith("pipe2 for /bin/true: EMFILE");
        }

        await OwnDescriptors.AreBackAt(before);
        using PipedProcess child = await _spawner.SpawnAsync(Specs.Program("/bin/true"));
        await child.Exited.WaitAsync(Reading.Limit);
        child.TryReap()!.Value.Status.Succeeded.Should().BeTrue("there is room again");
    }

    [Fact]
    public async Task Row_46_no_place_for_another_process_is_a_failure_of_clone_until_there_is_one()
    {
        using PidsGroup? group = PidsGroup.TryCreate();
        Assert.SkipWhen(group is null, "limiting the number of processes needs root and the cgroup v1 pids controller at /sys/fs/cgroup/pids");
        using var spawner = new Spawner(_reactor, InheritedEnvironment.OfThisProcess());
        group.AddThreadsNamed("kuid-spawner");
        group.Limit(0);

        Func<Task> spawn = () => spawner.SpawnAsync(Specs.Program("/bin/true"));
        SpawnException failure = (await spawn.Should().ThrowAsync<SpawnException>()).Which;
        (failure.Step, failure.Errno).Should().Be((SpawnStep.Clone, Errno.EAGAIN));
        failure.Message.Should().StartWith("clone for /bin/true: EAGAIN");

        group.Limit(null);
        using PipedProcess child = await spawner.SpawnAsync(Specs.Program("/bin/true"));
        await child.Exited.WaitAsync(Reading.Limit);
        child.TryReap()!.Value.Status.Succeeded.Should().BeTrue();
        group.ReleaseThreads();
    }

    private async Task Fails(ProcessSpec spec, SpawnStep step, int errno, string message)
    {
        IReadOnlyDictionary<string, int> before = OwnDescriptors.Count();

        Func<Task> spawn = () => _spawner.SpawnAsync(spec);

        SpawnException failure = (await spawn.Should().ThrowAsync<SpawnException>().WithMessage(message)).Which;
        (failure.Step, failure.Errno).Should().Be((step, errno));
        await OwnDescriptors.AreBackAt(before);
        await Eventually.Holds(() => ProcessTable.Children(Environment.ProcessId).Count == 0, "a child that failed to start is reaped");
        _reactor.Count.Should().Be(0);
    }
}
