namespace Kuid.TestKit;

/// <summary>A folder of a test's own, gone with it. Its path is short, so that sockets fit in it.</summary>
public sealed class TempFolder : IDisposable
{
    private const int Attempts = 100;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Creates the folder, mode 0700.</summary>
    public TempFolder() => Path = Directory.CreateTempSubdirectory("kuid-").FullName;

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>The path of something in it.</summary>
    public string this[string name] => System.IO.Path.Combine(Path, name);

    /// <inheritdoc/>
    public void Dispose()
    {
        JobCgroups.Remove(this["data"]);

        // What a killed daemon leaves running may put a file there while the folder is being emptied.
        for (int attempt = 1; Directory.Exists(Path); attempt++)
        {
            try
            {
                Directory.Delete(Path, recursive: true);
            }
            catch (IOException) when (attempt < Attempts)
            {
                Thread.Sleep(Pause);
            }
        }
    }
}
