namespace Kuid.TestKit;

/// <summary>Where the project's own files are while its tests run.</summary>
public static class Repository
{
    /// <summary>The folder with the solution in it.</summary>
    public static string Root { get; } = Find();

    /// <summary>The daemon as `make build` left it.</summary>
    public static string Daemon => Existing("bin/kuid-jobd", "make build");

    /// <summary>A file of the project.</summary>
    public static string File(string relative) => Path.Combine(Root, relative);

    private static string Existing(string relative, string makes) => System.IO.File.Exists(File(relative))
        ? File(relative)
        : throw new FileNotFoundException($"{relative} is not there; `{makes}` makes it");

    private static string Find()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !System.IO.File.Exists(Path.Combine(folder, "Kuid.slnx")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? throw new DirectoryNotFoundException("the tests run outside the repository");
    }
}
