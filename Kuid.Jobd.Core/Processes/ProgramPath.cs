using System.Text;

namespace Kuid.Jobd.Core.Processes;

/// <summary>Where a program may be: execvp(3)'s search, with the PATH of the environment that the program will see.</summary>
internal static class ProgramPath
{
    // What execvp(3) uses when PATH is not set (confstr _CS_PATH).
    private static readonly byte[] DefaultPath = "/bin:/usr/bin"u8.ToArray();

    private static ReadOnlySpan<byte> PathVariable => "PATH="u8;

    /// <summary>The files to try in order. An empty name has none; an empty PATH element is the current directory.</summary>
    internal static IReadOnlyList<byte[]> Candidates(byte[] program, IReadOnlyList<byte[]> environment)
    {
        if (program.Length == 0 || program.Contains((byte)'/'))
        {
            return [program];
        }

        ReadOnlySpan<byte> path = DefaultPath;
        foreach (byte[] entry in environment)
        {
            if (entry.AsSpan().StartsWith(PathVariable))
            {
                path = entry.AsSpan(PathVariable.Length);
                break;
            }
        }

        var candidates = new List<byte[]>();
        foreach (Range element in path.Split((byte)':'))
        {
            ReadOnlySpan<byte> directory = path[element];
            candidates.Add(directory.IsEmpty ? program : [.. directory, (byte)'/', .. program]);
        }

        return candidates;
    }

    /// <summary>A path for a message: UTF-8 where it is, with the rest replaced.</summary>
    internal static string Display(byte[] path) => Encoding.UTF8.GetString(path);
}
