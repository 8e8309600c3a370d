using System.Text;
using Kuid.Jobd.Core.Native;
using Kuid.Jobd.Core.Processes;
using Microsoft.Win32.SafeHandles;

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
internal sealed class SuperserverStart(Spawner spawner, string registry, string command)
{
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
        using SafeFileHandle nothing = File.OpenHandle("/dev/null", share: FileShare.ReadWrite);
        using var stdin = new SafeFd(Take(nothing));
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

    private SafeFd OpenLockFile()
    {
        while (true)
        {
            try
            {
                // What is there is not created: in a folder like /tmp the kernel refuses that for a file of another user's.
                using SafeFileHandle there = File.OpenHandle(LockFile, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
                return new SafeFd(Take(there));
            }
            catch (FileNotFoundException)
            {
                Create();
            }
        }
    }

    private void Create()
    {
        try
        {
            using SafeFileHandle made = File.OpenHandle(LockFile, FileMode.CreateNew, FileAccess.Write, FileShare.ReadWrite);

            // Whatever the umask has taken from it.
            File.SetUnixFileMode(made, ReadableForAll);
        }
        catch (IOException) when (File.Exists(LockFile))
        {
            // Another subserver was quicker.
        }
    }

    private static int Take(SafeFileHandle handle)
    {
        int number = (int)handle.DangerousGetHandle();
        handle.SetHandleAsInvalid();
        return number;
    }
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
