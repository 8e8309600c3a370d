namespace Kuid.TestKit;

/// <summary>A folder of a test's own, gone with it. Its path is short, so that sockets fit in it.</summary>
public sealed class TempFolder : IDisposable
{
    /// <summary>Creates the folder, mode 0700.</summary>
    public TempFolder() => Path = Directory.CreateTempSubdirectory("kuid-").FullName;

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>The path of something in it.</summary>
    public string this[string name] => System.IO.Path.Combine(Path, name);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Directory.Exists(Path))
        {
            Directory.Delete(Path, recursive: true);
        }
    }
}
