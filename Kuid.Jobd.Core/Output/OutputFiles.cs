using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace Kuid.Jobd.Core.Output;

/// <summary>
/// The files of kept output too large for the history's database: <c>DIR/NNN/ID.stdout</c> and <c>ID.stderr</c>, a thousand
/// jobs a folder.
/// </summary>
/// <param name="directory">The folder, on the file system of the spool.</param>
public sealed class OutputFiles(string directory)
{
    private const int JobsPerFolder = 1000;

    /// <summary>Where a stream of a job is kept; its folder exists afterwards.</summary>
    /// <exception cref="IOException">The folder cannot be made.</exception>
    internal string Place(long job, OutputStream stream)
    {
        string path = PathOf(job, stream);
        string folder = Path.GetDirectoryName(path)!;
        if (!Directory.Exists(folder))
        {
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        // A daemon that was killed between this and the row's commit may have left the name, and the number was given again.
        File.Delete(path);
        return path;
    }

    /// <summary>Opens a stream of a job.</summary>
    /// <exception cref="FileNotFoundException">It has been removed.</exception>
    internal SafeFileHandle Open(long job, OutputStream stream) =>
        File.OpenHandle(PathOf(job, stream), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);

    /// <summary>Removes what there is of a job; those who read it keep what they have open.</summary>
    internal void Delete(long job)
    {
        foreach (OutputStream stream in Enum.GetValues<OutputStream>())
        {
            try
            {
                File.Delete(PathOf(job, stream));
            }
            catch (DirectoryNotFoundException)
            {
                // It never had any.
            }
        }
    }

    /// <summary>The jobs that have files.</summary>
    internal IEnumerable<long> Jobs() => !Directory.Exists(directory) ? [] : Directory
        .EnumerateFiles(directory, "*.std*", SearchOption.AllDirectories)
        .Select(file => long.TryParse(Path.GetFileNameWithoutExtension(file), NumberStyles.None, CultureInfo.InvariantCulture, out long job)
            ? job
            : (long?)null)
        .OfType<long>()
        .Distinct();

    private string PathOf(long job, OutputStream stream) => Path.Combine(
        directory,
        (job / JobsPerFolder).ToString(CultureInfo.InvariantCulture),
        string.Create(CultureInfo.InvariantCulture, $"{job}.{(stream == OutputStream.Stdout ? "stdout" : "stderr")}"));
}
