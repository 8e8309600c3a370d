using Kuid.Sysreq.Pipeline.Commands;

namespace Kuid.Sysreq.Tests.Commands.Remote;

/// <summary>Wrong arguments: each is said in one exact sentence, and where it stands.</summary>
public sealed class RefusalSpecs
{
    private const string Limits =
        "as, core, cpu, data, fsize, locks, memlock, msgqueue, nice, nofile, nproc, rss, rtprio, rttime, sigpending and stack";

    /// <summary>What is written, the part of it that is wrong, and what is said.</summary>
    public static TheoryData<string, string, string> Refused => new()
    {
        { "cat", "cat", "needs at least one FILE" },
        { "cat -n x", "-n", "there is no option -n; cat has none" },
        { "chmod", "chmod", "needs MODE and at least one PATH" },
        { "chmod 644", "chmod", "needs at least one PATH after MODE" },
        { "chmod 888 x", "888", "MODE is octal up to 7777, or such as u+rw,go-w, not 888" },
        { "chmod rwx x", "rwx", "MODE is octal up to 7777, or such as u+rw,go-w, not rwx" },
        { "chmod -q x", "-q", "there is no option -q; chmod has none" },
        { "chown 0", "chown", "needs UID, GID and at least one PATH" },
        { "chown 0 0", "chown", "needs UID, GID and at least one PATH" },
        { "chown 99999999999 0 x", "99999999999", "UID is a whole number, 0 to 4294967294, not 99999999999" },
        { "chown 0 4294967295 x", "4294967295", "GID is a whole number, 0 to 4294967294, not 4294967295" },
        { "chown -R 0 0 x", "-R", "there is no option -R; there is -h" },
        { "chroot", "chroot", "needs DIR" },
        { "chroot a b", "b", "takes DIR: b is too much" },
        { "cmp a", "cmp", "needs FILE and FILE" },
        { "cmp a b c", "c", "takes FILE and FILE: c is too much" },
        { "date now", "now", "takes no arguments: now is too much" },
        { "df -h", "-h", "there is no option -h; there is -a" },
        { "dmesg -w", "-w", "there is no option -w; dmesg has none" },
        { "download a", "download", "needs REMOTE and LOCAL" },
        { "download a b c", "c", "takes REMOTE and LOCAL: c is too much" },
        { "free -m", "-m", "there is no option -m; free has none" },
        { "hexdump", "hexdump", "needs rows to work on, as in ls | hexdump" },
        { "hostname x", "x", "takes no arguments: x is too much" },
        { "id root", "root", "takes no arguments: root is too much" },
        { "kill", "kill", "needs at least one PID" },
        { "kill -9", "kill", "needs at least one PID" },
        { "kill -WOBBLE 1", "-WOBBLE", "there is no signal WOBBLE; there are names such as TERM, HUP and RTMIN+1, and the numbers 0 to 64" },
        { "kill -65 1", "-65", "there is no signal 65; there are names such as TERM, HUP and RTMIN+1, and the numbers 0 to 64" },
        { "kill -s x 1", "x", "there is no signal x; there are names such as TERM, HUP and RTMIN+1, and the numbers 0 to 64" },
        { "kill TERM 1", "TERM", "PID is a whole number, not TERM; the signal is written kill -TERM PID" },
        { "kill one", "one", "PID is a whole number, not one" },
        { "kill 3000000000", "3000000000", "PID is a whole number, -2147483647 to 2147483647, not 3000000000" },
        { "ln", "ln", "needs at least one TARGET" },
        { "ls -l", "-l", "there is no option -l; there is -d" },
        { "lsof x", "x", "PID is a whole number, not x" },
        { "mkdir", "mkdir", "needs at least one PATH" },
        { "mkdir -m x d", "x", "MODE is a mode, such as 0644 or rw-r--r--, not x" },
        { "mkdir -m", "-m", "the option -m needs a value (MODE)" },
        { "mkdir -x d", "-x", "there is no option -x; there are -p and -m" },
        { "mounts x", "x", "takes no arguments: x is too much" },
        { "mv a", "mv", "needs FROM and TO" },
        { "netstat http", "http", "there is no protocol http; there are tcp, tcp6, udp, udp6 and unix" },
        { "ps aux", "aux", "takes no arguments: aux is too much" },
        { "pstat 0", "0", "PID is a whole number, 1 to 2147483647, not 0" },
        { "pstat 1 init", "init", "PID is a whole number, not init" },
        { "readlink", "readlink", "needs at least one PATH" },
        { "rm", "rm", "needs at least one PATH" },
        { "rm -r /", "/", "/ is never removed" },
        { "rm -r a //", "//", "// is never removed" },
        { "rm -rf .", ".", ". is never removed" },
        { "rm -rf a/../", "a/../", "a/../ is never removed" },
        { "rm -i x", "-i", "there is no option -i; there are -r and -f" },
        { "run", "run", "needs at least one PROGRAM" },
        { "stat", "stat", "needs at least one PATH" },
        { "stat -c x", "-c", "there is no option -c; there is -h" },
        { "sys", "sys", "needs at least one CALL" },
        { "sys getpid 1 2 3 4 5 6 7", "7", "takes CALL and at most 6 arguments: 7 is too much" },
        { "sys getcwd @x 1", "@x", "@x: SIZE is 1 to 16777216 bytes; a text is written =@x" },
        { "sys getcwd @0 1", "@0", "@0: SIZE is 1 to 16777216 bytes; a text is written =@0" },
        { "sys getcwd @1GiB 1", "@1GiB", "@1GiB: SIZE is 1 to 16777216 bytes; a text is written =@1GiB" },
        { "tee", "tee", "needs at least one FILE" },
        { "tee x", "tee", "needs rows to work on, as in ls | tee" },
        { "touch", "touch", "needs at least one FILE" },
        { "touch -d noon x", "noon", "TIME is a moment, such as 2026-11-21, 2026-11-21 12:00 or 2026-11-21T12:00:00Z, not noon" },
        { "ulimit files", "files", $"there is no limit files; there are {Limits}" },
        { "ulimit nofile many", "many", "SOFT is a whole number, a size such as 1GiB, or unlimited, not many" },
        { "ulimit nofile 1 few", "few", "HARD is a whole number, a size such as 1GiB, or unlimited, not few" },
        { "ulimit nofile 2 1", "2", "SOFT is at most HARD" },
        { "ulimit nofile 1 2 3", "3", "takes at most 3 arguments (NAME, SOFT, HARD): 3 is too much" },
        { "uname -a", "-a", "there is no option -a; uname has none" },
        { "upload a", "upload", "needs LOCAL and REMOTE" },
        { "uptime x", "x", "takes no arguments: x is too much" },
        { "write x", "write", "needs DATA and at least one FILE" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void Wrong_arguments_are_refused_with_their_place_before_anything_is_done(string source, string wrong, string message)
    {
        var words = source.Split(' ');
        var call = new StageCall(words[0], [.. words.Skip(1)]);

        var refusal = call.Invoking(it => it.Bind()).Should().Throw<CommandException>().Which;

        refusal.Message.Should().Be(message);
        refusal.Status.Should().Be(2);
        source[refusal.Span!.Value.Start.Offset..refusal.Span.Value.End.Offset].Should().Be(wrong);
    }

    [Fact]
    public void Every_command_is_among_those_whose_refusals_are_known() =>
        Refused.Select(row => row.Data.Item1.Split(' ')[0]).Distinct(StringComparer.Ordinal)
            .Should().BeEquivalentTo(SystemCommands.All.Select(command => command.Name));

    [Fact]
    public void A_path_with_a_NUL_byte_is_refused() =>
        new StageCall("stat", "a\0b").Invoking(call => call.Bind()).Should().Throw<CommandException>()
            .WithMessage("a path has no NUL byte: a\\x00b");

    [Fact]
    public void An_empty_program_is_refused() =>
        new StageCall("run", "").Invoking(call => call.Bind()).Should().Throw<CommandException>().WithMessage("PROGRAM has a name");
}
