using System.Buffers;
using System.Globalization;
using System.Text;
using Kuid.Jobd.Core.Native;
using Kuid.Jobd.Core.Processes;

namespace Kuid.Jobd;

/// <summary>
/// Running without a terminal. A started runtime has threads and cannot fork, so the program executes itself once more, in
/// a session of its own, and the first process stays only to say how the start went.
/// </summary>
/// <remarks>
/// The child's stdout and stderr are a pipe to the parent. A start that fails says so there and exits; the parent passes the
/// words and the exit code on. A start that succeeds puts /dev/null in the pipe's place and writes one NUL; the parent exits
/// with 0, and the sockets accept connections by then.
/// </remarks>
internal static class Detachment
{
    /// <summary>Set for the child to the pid of its parent, so that it knows what its stdout is.</summary>
    internal const string Variable = "KUID_DETACHED";

    private const byte ReadyMark = 0;

    /// <summary>Whether this process is the child.</summary>
    internal static bool IsDetached { get; } =
        Environment.GetEnvironmentVariable(Variable) == LibcProcess.ParentId().ToString(CultureInfo.InvariantCulture);

    /// <summary>Starts the child and waits for its word.</summary>
    /// <returns>The exit code.</returns>
    internal static int Start()
    {
        using SafeFd nothing = OpenNull();
        (SafeFd read, SafeFd write) = LibcIo.Pipe();
        using (read)
        {
            int pid;
            using (write)
            {
                (pid, SafeFd pidFd) = SpawnCall.Execute(OwnProgram(), new Stdio(nothing, write, write), OwnEnvironment());
                pidFd.Dispose();
            }

            if (RelayUntilReady(read))
            {
                return ExitCode.Ok;
            }

            var status = new WaitStatus(LibcProcess.WaitFor(pid));
            if (status.ExitCode is null or ExitCode.Ok)
            {
                Console.Error.WriteLine($"kuid-jobd: ended while starting: {status}");
            }

            return status.ExitCode is { } code and not ExitCode.Ok ? code : ExitCode.System;
        }
    }

    /// <summary>In the child: lets the parent go. stdin, stdout and stderr are /dev/null from here on.</summary>
    internal static void ReportReady()
    {
        using SafeFd nothing = OpenNull();
        using SafeFd parent = LibcIo.Duplicate(1);
        LibcIo.Duplicate(nothing, 1);
        LibcIo.Duplicate(nothing, 2);
        try
        {
            // Last of all: whoever the parent returns to finds the daemon as it stays.
            _ = LibcIo.Write(parent, [ReadyMark]);
        }
        catch (NativeException)
        {
            // EPIPE: the parent has been killed, and nobody waits.
        }
    }

    private static SafeFd OpenNull() => LibcFiles.OpenOwn("/dev/null", UnixFileMode.None);

    // The same words, bytes as they were given: argv is read from /proc, not from decoded text.
    private static ProcessSpec OwnProgram() =>
        new(Encoding.UTF8.GetBytes(Environment.ProcessPath!), Split(File.ReadAllBytes("/proc/self/cmdline")));

    private static InheritedEnvironment OwnEnvironment()
    {
        List<byte[]> variables = Split(File.ReadAllBytes("/proc/self/environ"));

        // One that is there already comes first and would win: the child would not know what it is, and detach again, for ever.
        variables.RemoveAll(variable => variable.AsSpan().StartsWith(Encoding.ASCII.GetBytes(Variable + "=")));
        variables.Add(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Variable}={Environment.ProcessId}")));
        return new InheritedEnvironment(variables, InheritedEnvironment.OfThisProcess().NofileSoft);
    }

    private static List<byte[]> Split(byte[] block)
    {
        var entries = new List<byte[]>();
        ReadOnlySpan<byte> rest = block;
        int end;
        while ((end = rest.IndexOf((byte)0)) >= 0)
        {
            entries.Add(rest[..end].ToArray());
            rest = rest[(end + 1)..];
        }

        return entries;
    }

    /// <returns>Whether the mark came before the end.</returns>
    private static bool RelayUntilReady(SafeFd pipe)
    {
        using Stream stderr = Console.OpenStandardError();
        byte[] buffer = ArrayPool<byte>.Shared.Rent(4096);
        int n;
        while ((n = LibcIo.Read(pipe, buffer)) > 0)
        {
            int mark = buffer.AsSpan(0, n).IndexOf(ReadyMark);
            stderr.Write(buffer, 0, mark < 0 ? n : mark);
            if (mark >= 0)
            {
                return true;
            }
        }

        return false;
    }
}
