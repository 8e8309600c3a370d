using System.Globalization;
using System.Text;
using Kuid.Jobd.Core.Native;

namespace Kuid.Jobd.Core.Processes;

/// <summary>
/// The keeper that a process is to be started below (<c>daemon-c/keep.c</c>). The descriptors stay their owner's; afterwards it has
/// the keeper's pid, and a pidfd that is the caller's.
/// </summary>
/// <param name="log">The record log, for appending and locked.</param>
/// <param name="stdout">The read end of the process's standard output.</param>
/// <param name="stderr">The read end of its standard error.</param>
/// <param name="limit">How many bytes the log may have; null for any number.</param>
/// <param name="drain">How long output is read that others hold after the exit; null until they let go.</param>
internal sealed class KeeperCall(SafeFd log, SafeFd stdout, SafeFd stderr, long? limit, TimeSpan? drain)
{
    // KEEPER_PID_ROOM: the shim writes the pid over these.
    private const string RoomForPid = "00000000000";

    /// <summary>The keeper's file, which is installed where the shim is.</summary>
    internal static string Program { get; } = Path.Combine(AppContext.BaseDirectory, "kuid-keeper");

    /// <summary>The keeper's process; 0 before it has been started.</summary>
    internal int Pid { get; private set; }

    /// <summary>Its pidfd; the caller's.</summary>
    internal SafeFd? PidFd { get; private set; }

    internal unsafe int Spawn(in KuidSpawn.Request request, out KuidSpawn.Reply reply)
    {
        byte[] program = Encoding.UTF8.GetBytes(Program);
        using var path = new NativeStrings([program]);
        using var argv = new NativeStrings(
        [
            .. new[] { "kuid-keeper", RoomForPid, Text(limit ?? 0), drain is { } time ? Text((long)time.TotalMilliseconds) : "-" }
                .Select(Encoding.ASCII.GetBytes),
        ]);
        using var envp = new NativeStrings([]);
        var keeper = new KuidSpawn.Keeper { Path = path.Pointer[0], Argv = argv.Pointer, Envp = envp.Pointer, Log = log.Number };
        keeper.Output[0] = stdout.Number;
        keeper.Output[1] = stderr.Number;
        int result = KuidSpawn.SpawnKept(in request, ref keeper, out reply);
        if (result == 0)
        {
            Pid = keeper.Pid;
            PidFd = new SafeFd(keeper.PidFd);
        }

        return result;
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
