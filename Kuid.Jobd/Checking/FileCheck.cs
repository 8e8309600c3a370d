using System.Buffers.Binary;
using Kuid.Jobd.Api.Security;
using Kuid.Jobd.Core.Access;
using Kuid.Jobd.Core.Callbacks;
using Kuid.Jobd.Core.Native;
using Kuid.Jobd.Core.Storage;
using Kuid.Jobd.Core.Storage.Sqlite;

namespace Kuid.Jobd.Checking;

/// <summary>Whether the files that a daemon reads or executes can be: tokens, secrets, programs, the history, the audit log.</summary>
internal static class FileCheck
{
    // The header of a database (sqlite.org/fileformat.html): its name first, user_version at 60, application_id at 68, big-endian.
    private const int HeaderBytes = 100;
    private const int VersionOffset = 60;

    internal static void Look(DaemonOptions options, Findings findings)
    {
        if (Directory.Exists(options.Data))
        {
            LookAtSecrets(options.Data, findings);
            findings.Try(() => LookAtHistory(DataFolder.HistoryOf(options.Data)));
        }

        if (options.AuditLog is { } audit)
        {
            findings.Try(() => LookAtAuditLog(options.Data, audit));
        }

        findings.Try(LookAtLibrary);
        findings.Try(() => Doors.HttpTls.Open(options));
        if (options.Sysreq.Server is { } server)
        {
            LookAtProgram("--sysreq-server", server, findings);
        }

        if (options.Coprocess.Socket is not null)
        {
            LookAtProgram("--coprocess-shell", options.Coprocess.Shell, findings);
        }
    }

    // Only those that are there: a daemon makes those that are not, and a check makes nothing.
    private static void LookAtSecrets(string folder, Findings findings)
    {
        if (LibcFiles.Identify(DataFolder.TokenOf(folder)) is not null)
        {
            findings.Try(() => AccessToken.ReadOrMake(DataFolder.TokenOf(folder)));
        }

        if (LibcFiles.Identify(DataFolder.CallbackSecretOf(folder)) is not null)
        {
            findings.Try(() => CallbackSecret.ReadOrMake(DataFolder.CallbackSecretOf(folder)));
        }

        findings.Try(() =>
        {
            var tokens = TokenFolder.Of(folder);
            foreach (string name in tokens.Names)
            {
                findings.Try(() => tokens.Read(name));
            }
        });
    }

    // By its header alone: opening it would leave files beside it.
    private static void LookAtHistory(string path)
    {
        ThrowIfFolder(path);
        if (!File.Exists(path))
        {
            return;
        }

        byte[] header = new byte[HeaderBytes];
        using (FileStream file = File.OpenRead(path))
        {
            int n = file.ReadAtLeast(header, HeaderBytes, throwOnEndOfStream: false);
            if (n == 0)
            {
                return;
            }

            if (n < HeaderBytes || !header.AsSpan().StartsWith("SQLite format 3\0"u8))
            {
                throw new StartException($"{path}: is no database", ExitCode.Usage);
            }
        }

        int version = BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(VersionOffset));
        if (version > SqliteJobStore.SchemaVersion)
        {
            throw new StartException(
                $"{path}: has schema version {version}, this kuid-jobd knows up to {SqliteJobStore.SchemaVersion}: a newer one has written it", ExitCode.Usage);
        }

        ThrowUnlessWritable(path);
    }

    // In the data folder it is made as that is; a pipe is opened when somebody reads it.
    private static void LookAtAuditLog(string dataFolder, string name)
    {
        string path = Path.Combine(dataFolder, name), folder = Path.GetDirectoryName(path) ?? "/";
        ThrowIfFolder(path);
        if (File.Exists(path))
        {
            ThrowUnlessWritable(path);
        }
        else if (folder != dataFolder)
        {
            FolderCheck.ThrowUnlessWritable("--audit-log " + path, folder);
        }
    }

    private static void ThrowIfFolder(string path)
    {
        if (Directory.Exists(path))
        {
            throw new StartException($"{path}: is a folder, not a file", ExitCode.Usage);
        }
    }

    private static void ThrowUnlessWritable(string path)
    {
        if (LibcFiles.CannotWrite(path) is { } error)
        {
            throw new StartException($"{path}: user {LibcFiles.EffectiveUserId()} cannot write to it: {error}", ExitCode.Usage);
        }
    }

    private static void LookAtLibrary()
    {
        try
        {
            _ = SqliteLibrary.Description;
        }
        catch (StoreException e)
        {
            throw new StartException(e.Message, ExitCode.Usage);
        }
    }

    private static void LookAtProgram(string option, string path, Findings findings)
    {
        if (!File.Exists(path))
        {
            findings.Add($"{option} {path}: there is no such file");
        }
        else if (LibcFiles.CannotExecute(path) is { } error)
        {
            findings.Add($"{option} {path}: user {LibcFiles.EffectiveUserId()} cannot execute it: {error}");
        }
    }
}
