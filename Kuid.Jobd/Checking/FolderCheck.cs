using Kuid.Jobd.Core.Native;

namespace Kuid.Jobd.Checking;

/// <summary>Whether folders are there, the daemon's and writable.</summary>
internal static class FolderCheck
{
    /// <summary>The data folder, or the folder that it would be made in.</summary>
    internal static void Look(DaemonOptions options, Findings findings)
    {
        findings.Try(() =>
        {
            DataFolder.ThrowIfNotOurs(options.Data);
            string folder = options.Data;
            while (!Directory.Exists(folder) && !File.Exists(folder) && Path.GetDirectoryName(folder) is { } parent)
            {
                folder = parent;
            }

            ThrowUnlessWritable("data folder " + options.Data, folder);
        });
        if (options.Pidfile is { } pidfile)
        {
            findings.Try(() =>
            {
                ThrowUnlessWritable("pidfile " + pidfile, Path.GetDirectoryName(pidfile) ?? "/");
                Pidfile.ThrowIfNone(pidfile);
            });
        }
    }

    /// <summary>Entries are made there by the user that this process has.</summary>
    /// <param name="what">What is to be there, the beginning of the sentence.</param>
    /// <exception cref="StartException">They cannot be.</exception>
    internal static void ThrowUnlessWritable(string what, string folder)
    {
        if (!Directory.Exists(folder))
        {
            throw new StartException(
                File.Exists(folder) ? $"{what}: {folder} is a file, not a folder" : $"{what}: there is no folder {folder}", ExitCode.Usage);
        }

        if (LibcFiles.CannotWrite(folder) is { } error)
        {
            throw new StartException($"{what}: user {LibcFiles.EffectiveUserId()} cannot write to {folder}: {error}", ExitCode.Usage);
        }
    }
}
