using System.Runtime.InteropServices;
using System.Text;
using Kuid.Jobd.Core.Native;
using Kuid.Jobd.Core.Processes;

namespace Kuid.Cli.Services;

/// <summary>
/// Starts the superserver when there is none: of all subservers that want to, of whatever users, one does.
/// </summary>
/// <remarks>
/// <para>
/// Constraint: subservers notice within the same millisecond that the superserver has gone; two that start one would have two, or
/// one and a complaint.
/// </para>
/// <para>
/// Scheme: who has the lock of the file beside the registry's socket starts it, and lets go when it answers, or has ended, or has taken
/// too long. Who does not get the lock tries to connect, as after every failure. The file is made readable for all and opened for reading
/// only, which is enough to lock it, so that whoever may go through the folder can; and it is never removed, for then two could have one each.
/// </para>
/// <para>
/// Consequence: a winner that is killed while it starts has let go, and the next one tries.
/// </para>
/// </remarks>
/// <param name="registry">The path of the registry's socket.</param>
/// <param name="command">A line of sh, this user's own.</param>
internal sealed partial class SuperserverStart(Spawner spawner, string registry, string command)
{
    private const int O_RDONLY_CLOEXEC = 0x80000;
    private const int O_CREAT_EXCL = 0x40 | 0x80;

    private const UnixFileMode ReadableForAll =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private static readonly SafeFd OwnStderr = new(Streams.Descriptor.Stderr);

    private string LockFile => registry + ".start";

    /// <summary>Starts it unless somebody else does, and waits until it answers.</summary>
    /// <returns>What has become of it.</returns>
    internal async Task<SuperserverStartResult> TryAsync(CancellationToken cancellation)
    {
        try
        {
            using SafeFd own = OpenLockFile();
            return !LibcFiles.TryLock(own) ? SuperserverStartResult.Others
                : Answers() || await StartAsync(cancellation) ? SuperserverStartResult.Answers
                : SuperserverStartResult.Failed;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Talk.Line($"the superserver cannot be started: {e.Message}");
            return SuperserverStartResult.Failed;
        }
    }

    private async Task<bool> StartAsync(CancellationToken cancellation)
    {
        using var stdin = new SafeFd(open("/dev/null", O_RDONLY_CLOEXEC, 0));
        ChildProcess process = await spawner.SpawnAsync(
            ProcessSpec.Shell(Encoding.UTF8.GetBytes(command)), new Stdio(stdin, OwnStderr, OwnStderr));
        Task<WaitStatus> ended = ReapAsync(process);
        Talk.Line($"starting the superserver: {command}");
        long start = TimeProvider.System.GetTimestamp();
        while (!Answers())
        {
            // One that leaves its superserver in the background ends well, and before it answers.
            if (ended.IsCompleted && !(await ended).Succeeded)
            {
                Talk.Line($"the superserver was not started: {command}: {await ended}");
                return false;
            }

            if (TimeProvider.System.GetElapsedTime(start) > Longest)
            {
                Talk.Line($"the superserver was started and does not answer at {registry}");
                return false;
            }

            await Task.Delay(Pause, cancellation);
        }

        return true;
    }

    private static async Task<WaitStatus> ReapAsync(ChildProcess process)
    {
        using (process)
        {
            return (await process.ReapAsync(TimeProvider.System)).Status;
        }
    }

    private bool Answers()
    {
        try
        {
            LibcSocket.ConnectUnix(registry).Dispose();
            return true;
        }
        catch (NativeException)
        {
            return false;
        }
    }

    // Not by .NET's files, which take a lock of their own at every open.
    private SafeFd OpenLockFile()
    {
        while (true)
        {
            // What is there is not created: in a folder like /tmp the kernel refuses that for a file of another user's.
            var there = new SafeFd(open(LockFile, O_RDONLY_CLOEXEC, 0));
            if (!there.IsInvalid)
            {
                return there;
            }

            int errno = Marshal.GetLastPInvokeError();
            if (errno != Errno.ENOENT)
            {
                throw new NativeException($"open {LockFile}", errno);
            }

            Create();
        }
    }

    private void Create()
    {
        using var made = new SafeFd(open(LockFile, O_RDONLY_CLOEXEC | O_CREAT_EXCL, (uint)ReadableForAll));
        if (made.IsInvalid)
        {
            int errno = Marshal.GetLastPInvokeError();
            if (errno != Errno.EEXIST)
            {
                throw new NativeException($"create {LockFile}", errno);
            }

            // Another subserver was quicker.
            return;
        }

        // Whatever the umask has taken from it.
        File.SetUnixFileMode(LockFile, ReadableForAll);
    }

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags, uint mode);
}

/// <summary>What has become of the start of a superserver.</summary>
internal enum SuperserverStartResult
{
    /// <summary>There is one that answers.</summary>
    Answers,

    /// <summary>Another subserver is about to start one.</summary>
    Others,

    /// <summary>It did not work.</summary>
    Failed,
}
