using System.Globalization;
using Kuid.Jobd.Core.Native;
using Kuid.Jobd.Core.Output;
using Microsoft.Win32.SafeHandles;

namespace Kuid.Jobd.Core.Keeping;

/// <summary>
/// The folder with the record logs of jobs that outlive the daemon, one file an attempt: <c>DIR/kept/ID.ATTEMPT</c>. They stay until
/// the job is over and the history has its end.
/// </summary>
/// <param name="path">The folder, mode 0700, made when the first log is.</param>
public sealed class KeeperFolder(string path)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>The folder.</summary>
    internal string Path => path;

    /// <summary>The name of a log.</summary>
    internal static string NameOf(long job, int attempt) => string.Create(CultureInfo.InvariantCulture, $"{job}.{attempt}");

    /// <summary>Makes the folder if it is not there.</summary>
    internal void Prepare() => Directory.CreateDirectory(path, OwnerOnly | UnixFileMode.UserExecute);

    /// <summary>Makes an empty log, locked for the one that will write it.</summary>
    /// <returns>The descriptor, for appending; the lock goes with its last copy.</returns>
    /// <exception cref="NativeException">There is no room, or there was one already.</exception>
    internal SafeFd Create(long job, int attempt)
    {
        SafeFd log = LibcFiles.OpenForAppending(FileOf(job, attempt), OwnerOnly);
        if (LibcFiles.TryLock(log))
        {
            return log;
        }

        log.Dispose();
        throw new NativeException("flock", Errno.EAGAIN);
    }

    /// <summary>Opens a log for reading; null where there is none.</summary>
    internal KeeperLogReader? Open(long job, int attempt) =>
        LibcFiles.OpenToRead(FileOf(job, attempt)) is { } file ? new KeeperLogReader(file) : null;

    /// <summary>Whether the keeper of a log is alive: it has it locked.</summary>
    internal static bool IsKept(SafeFileHandle log) => !LibcFiles.TryShareLock(log);

    /// <summary>Adds what the attempts of a job before one have written, as far as it is there.</summary>
    internal void Replay(long job, int before, OutputLog output)
    {
        for (int attempt = 1; attempt < before; attempt++)
        {
            using KeeperLogReader? reader = Open(job, attempt);
            try
            {
                while (reader is not null && reader.TryRead(out KeeperRecord record))
                {
                    if (record.Type is KeeperRecordType.Stdout or KeeperRecordType.Stderr)
                    {
                        output.Append(StreamOf(record.Type), record.Payload.Span, record.Time);
                    }
                }
            }
            catch (InvalidDataException)
            {
                // What lies behind the damage was not read by the daemon before either.
            }
        }
    }

    /// <summary>The stream that a record of output belongs to.</summary>
    internal static OutputStream StreamOf(KeeperRecordType type) => type == KeeperRecordType.Stdout ? OutputStream.Stdout : OutputStream.Stderr;

    /// <summary>Removes the logs of the attempts 1 to one of a job.</summary>
    internal void Remove(long job, int attempts)
    {
        for (int attempt = 1; attempt <= attempts; attempt++)
        {
            RemoveOne(job, attempt);
        }
    }

    /// <summary>Removes the log of one attempt.</summary>
    internal void RemoveOne(long job, int attempt) => File.Delete(FileOf(job, attempt));

    /// <summary>The logs that there are; files of other names are nobody's here.</summary>
    internal IReadOnlyList<(long Job, int Attempt)> All()
    {
        if (!Directory.Exists(path))
        {
            return [];
        }

        var logs = new List<(long, int)>();
        foreach (string name in Directory.EnumerateFiles(path).Select(file => System.IO.Path.GetFileName(file)))
        {
            int dot = name.IndexOf('.', StringComparison.Ordinal);
            if (dot > 0 && long.TryParse(name.AsSpan(0, dot), NumberStyles.None, CultureInfo.InvariantCulture, out long job)
                && int.TryParse(name.AsSpan(dot + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int attempt))
            {
                logs.Add((job, attempt));
            }
        }

        return logs;
    }

    private string FileOf(long job, int attempt) => System.IO.Path.Combine(path, NameOf(job, attempt));
}
