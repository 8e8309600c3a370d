using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Kuid.Jobd.Core.Native;

namespace Kuid.Jobd.Core.Processes.Isolation;

/// <summary>
/// What the daemon and <c>kuid-sandbox</c> say to each other on a socket before the job executes: what to do (the grammar is
/// <c>daemon-c/sandbox_arguments.c</c>'s), and the step that failed, if one did.
/// </summary>
internal static class SandboxCall
{
    private const int ReportBytes = 2 * sizeof(int);

    /// <summary>kuid-sandbox as a process of the shim's: its environment is empty, for its own loader reads it as the daemon's user.</summary>
    internal static ProcessSpec Program(SandboxSpec sandbox) =>
        new(Encoding.UTF8.GetBytes(sandbox.Program), ["kuid-sandbox"u8.ToArray()]) { WorkingDirectory = "/"u8.ToArray(), ClearEnvironment = true };

    /// <summary>Tells what to do and waits until the job executes. It blocks, as the spawn does.</summary>
    /// <returns>The step that failed and its error number; null when the job executes.</returns>
    internal static (SpawnStep Step, int Errno)? Execute(
        SafeFd socket, ProcessSpec job, IReadOnlyList<byte[]> environment, IReadOnlyList<byte[]> candidates)
    {
        try
        {
            ReadOnlySpan<byte> rest = Message(job, environment, candidates);
            while (!rest.IsEmpty)
            {
                rest = rest[LibcIo.Write(socket, rest)..];
            }
        }
        catch (NativeException)
        {
            // It has ended; what it has to say comes now.
        }

        Span<byte> report = stackalloc byte[ReportBytes];
        int length = 0;
        try
        {
            int n;
            while (length < ReportBytes && (n = LibcIo.Read(socket, report[length..])) > 0)
            {
                length += n;
            }
        }
        catch (NativeException)
        {
            // ECONNRESET: it was killed before it had read all. Its wait status says so, as that of a job which is killed.
        }

        return length < ReportBytes ? null : ((SpawnStep)MemoryMarshal.Read<int>(report), MemoryMarshal.Read<int>(report[sizeof(int)..]));
    }

    private static byte[] Message(ProcessSpec job, IReadOnlyList<byte[]> environment, IReadOnlyList<byte[]> candidates)
    {
        SandboxSpec sandbox = job.Isolation!.Sandbox!;
        JobUser? user = job.Isolation.User;
        byte[][] groups = [.. (user?.Groups ?? []).Select(Number)];
        List<byte[]> words =
        [
            Number((uint)groups.Length), Number((uint)sandbox.Writable.Count), Number((uint)sandbox.Hidden.Count),
            Number((uint)environment.Count), Number((uint)candidates.Count),
            user is null ? "-"u8.ToArray() : Number(user.Id), user is null ? "-"u8.ToArray() : Number(user.GroupId),
            job.WorkingDirectory!,
            .. groups, [], .. sandbox.Writable.Select(Encoding.UTF8.GetBytes), [], .. sandbox.Hidden.Select(Encoding.UTF8.GetBytes), [],
            .. environment, [], .. candidates, [], .. job.Argv,
        ];
        int size = words.Sum(word => word.Length + 1);
        byte[] message = new byte[(2 * sizeof(uint)) + size];
        MemoryMarshal.Write(message, (uint)words.Count);
        MemoryMarshal.Write(message.AsSpan(sizeof(uint)), (uint)size);
        int place = 2 * sizeof(uint);
        foreach (byte[] word in words)
        {
            word.CopyTo(message, place);
            place += word.Length + 1;
        }

        return message;
    }

    private static byte[] Number(uint number) => Encoding.ASCII.GetBytes(number.ToString(CultureInfo.InvariantCulture));
}
