using System.Globalization;
using System.Text;
using Kuid.Jobd.Core.Descriptors;
using Kuid.Jobd.Core.Native;

namespace Kuid.Jobd.Core.Tests.Coprocess;

/// <summary>The client's descriptors are the text's own, of every kind, and nothing else gets anywhere.</summary>
public sealed class ShellDescriptorSpecs
{
    public static TheoryData<string> Shells => TestShell.Shells;

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task A_file_is_written_at_its_offset_which_moves_for_the_client_too(string name)
    {
        await using TestShell shell = await TestShell.StartAsync(name);
        string path = shell.Folder["out"];
        await File.WriteAllTextAsync(path, "0123456789");
        using SafeFd file = LibcFiles.OpenOwn(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        LibcIo.Read(file, new byte[4]);

        await shell.Evaluate("echo ab; echo err >&2; sh -c 'printf c'", file, file, file);

        LibcIo.Write(file, "D"u8);
        (await File.ReadAllTextAsync(path)).Should().Be("0123ab\nerr\ncD");
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task A_file_opened_to_append_is_appended_to(string name)
    {
        await using TestShell shell = await TestShell.StartAsync(name);
        string path = shell.Folder["log"];
        await File.WriteAllTextAsync(path, "first\n");
        using SafeFd file = Terminal.OpenToAppend(path);

        await shell.Evaluate("echo second", file, file, file);
        await File.AppendAllTextAsync(path, "third\n");
        await shell.Evaluate("echo fourth; /bin/echo fifth", file, file, file);

        (await File.ReadAllTextAsync(path)).Should().Be("first\nsecond\nthird\nfourth\nfifth\n");
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task A_socket_is_a_socket_in_both_directions(string name)
    {
        await using TestShell shell = await TestShell.StartAsync(name);
        (SafeFd mine, SafeFd theirs) = LibcSocket.Pair();
        using Descriptor peer = shell.Watched(mine, EpollEvents.In | EpollEvents.Out);
        await peer.WriteAsync("question\n"u8.ToArray());

        // A client's socket may well be non-blocking; that is the client's business, and stays as it is.
        await shell.Evaluate("read line; echo \"answer to $line\"; test -S /dev/fd/1 && echo socket >&2", theirs, theirs, theirs);
        theirs.Dispose();

        (await peer.ReadToEnd()).Should().Be("answer to question\nsocket\n");
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task What_a_text_reads_of_a_pipe_or_a_file_leaves_the_rest_to_the_next(string name)
    {
        await using TestShell shell = await TestShell.StartAsync(name);
        (SafeFd read, SafeFd write) = LibcIo.Pipe();
        using SafeFd file = LibcFiles.InMemory("lines"), output = LibcFiles.InMemory("output");
        LibcIo.Write(write, "p1\np2\np3\n"u8);
        LibcFiles.WriteAt(file, "f1\nf2\nf3\n"u8, 0);

        foreach (SafeFd input in new[] { read, file })
        {
            await shell.Evaluate("read first; echo \"one $first\"", input, output, output);
            await shell.Evaluate("read second; echo \"two $second\"", input, output, output);
        }

        write.Dispose();
        await shell.Evaluate("cat", read, output, output);
        await shell.Evaluate("cat", file, output, output);
        read.Dispose();
        Encoding.ASCII.GetString(LibcFiles.ReadAll(output)).Should().Be("one p1\ntwo p2\none f1\ntwo f2\np3\nf3\n");
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task Ten_megabytes_arrive_through_a_pipe_complete_and_in_order(string name)
    {
        await using TestShell shell = await TestShell.StartAsync(name);
        (SafeFd read, SafeFd write) = LibcIo.Pipe();
        LibcIo.MakeNonBlocking(read);
        using Descriptor pipe = shell.Watched(read, EpollEvents.In);
        Task<string> reading = pipe.ReadToEnd();

        await shell.Evaluate("echo first; head -c 10000000 /dev/zero; echo; echo last", write, write, write);
        write.Dispose();

        string all = await reading;
        all.Length.Should().Be("first\n".Length + 10_000_000 + "\nlast\n".Length);
        all.Should().StartWith("first\n\0").And.EndWith("\0\nlast\n");
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task A_background_job_keeps_the_descriptors_of_its_text(string name)
    {
        await using TestShell shell = await TestShell.StartAsync(name);
        (SafeFd read, SafeFd write) = LibcIo.Pipe();
        LibcIo.MakeNonBlocking(read);
        using Descriptor pipe = shell.Watched(read, EpollEvents.In);
        string go = shell.Folder["go"];
        using SafeFd nothing = LibcFiles.InMemory("nothing");

        await shell.Evaluate($"(until [ -e {go} ]; do sleep 0.02; done; echo late; echo later >&2) & echo now", nothing, write, write);
        write.Dispose();
        (await shell.Run("echo elsewhere; echo there >&2")).Should().Match<TestShell.Answer>(a => a.Stdout == "elsewhere\n" && a.Stderr == "there\n");
        await File.WriteAllTextAsync(go, "");

        (await pipe.ReadToEnd()).Should().Be("now\nlate\nlater\n", "the pipe ends with the job, so nobody else has kept it");
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task Between_two_texts_nothing_of_the_client_is_left_in_the_shell(string name)
    {
        await using TestShell shell = await TestShell.StartAsync(name);
        (SafeFd read, SafeFd write) = LibcIo.Pipe();
        LibcIo.MakeNonBlocking(read);
        using Descriptor pipe = shell.Watched(read, EpollEvents.In);

        await shell.Evaluate("echo said; readonly r=1; r=2", write, write, write);
        write.Dispose();

        (await pipe.ReadToEnd()).Should().StartWith("said\n");
        Links(shell.Shell.Pid, "0", "1", "2").Should().SatisfyRespectively(
            zero => zero.Should().StartWith("/memfd:coprocess"), one => one.Should().Be("/dev/null"), two => two.Should().Be("/dev/null"));
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task What_the_shell_runs_has_three_descriptors_and_the_environment_of_the_client(string name)
    {
        await using TestShell shell = await TestShell.StartAsync(name);

        TestShell.Answer answer = await shell.Run("/bin/ls /proc/self/fd; (/bin/ls /proc/self/fd); x=$(/bin/ls /proc/self/fd); echo $x; env");

        answer.Stdout.Should().StartWith("0\n1\n2\n3\n0\n1\n2\n3\n0 1 2 3\n").And.Contain($"HOME={shell.Folder.Path}\n");
        answer.Stdout.ToUpperInvariant().Should().NotContain("PRELOAD").And.NotContain("COPROCESS");
        (await shell.Run("echo \"${LD_PRELOAD-none}\"; grep -E '^Sig(Blk|Ign)' /proc/self/status")).Stdout
            .Should().Be("none\nSigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n");
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task A_preloaded_library_of_the_clients_own_stays(string name)
    {
        await using TestShell shell = await TestShell.StartAsync(name, null, "LD_PRELOAD=libm.so.6:libc.so.6");

        (await shell.Run("echo $LD_PRELOAD; env | grep LD_PRELOAD")).Stdout.Should().Be("libm.so.6:libc.so.6\nLD_PRELOAD=libm.so.6:libc.so.6\n");
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task A_library_that_cannot_be_preloaded_costs_no_session(string name)
    {
        // ld.so says so on the descriptors that the shell is started with.
        await using TestShell shell = await TestShell.StartAsync(name, null, "LD_PRELOAD=libkuid-none.so");

        (await shell.Run("echo $LD_PRELOAD")).Stdout.Should().Be("libkuid-none.so\n");
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task A_shell_with_fewer_numbers_than_the_shims_own_takes_texts_all_the_same(string name)
    {
        Assert.SkipWhen(name == "bash", "bash's line needs the number 799");
        await using TestShell shell = await TestShell.StartAsync(name);
        await shell.Run("ulimit -n 64");

        (await shell.Run("echo still; ulimit -n")).Stdout.Should().Be("still\n64\n");
    }

    private static IEnumerable<string> Links(int pid, params string[] numbers) => numbers.Select(number =>
        File.ResolveLinkTarget(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/fd/{number}"), returnFinalTarget: false)!.FullName);
}
