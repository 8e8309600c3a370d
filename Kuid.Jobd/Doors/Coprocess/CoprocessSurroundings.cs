using Kuid.Jobd.Core.Native;
using Kuid.Jobd.Core.Processes;

namespace Kuid.Jobd.Doors.Coprocess;

/// <summary>The variables and the directory that a connection has set for the programs it runs; its shell has its own.</summary>
internal sealed class CoprocessSurroundings
{
    // A program takes 128 KiB a variable and some megabytes in all (execve(2)); whoever sends more in many requests only fills the memory.
    private const int MaxBytes = 1 << 20;

    private readonly Dictionary<string, byte[]> _variables = new(StringComparer.Ordinal);
    private byte[]? _directory;

    /// <summary>A program in these surroundings.</summary>
    internal ProcessSpec Process(IReadOnlyList<byte[]> argv) => new(argv[0], argv)
    {
        Environment = [.. _variables.Values],
        WorkingDirectory = _directory,
    };

    /// <summary>Sets variables, each <c>NAME=value</c>: all of them, or none.</summary>
    /// <returns>0, or the number of the error.</returns>
    internal int Set(IReadOnlyList<byte[]> variables)
    {
        if (variables.Any(variable => variable.AsSpan().IndexOf((byte)'=') <= 0))
        {
            return Errno.EINVAL;
        }

        // What is replaced does not count for so long that it would matter.
        if (_variables.Values.Concat(variables).Sum(variable => (long)variable.Length) > MaxBytes)
        {
            return Errno.E2BIG;
        }

        foreach (byte[] variable in variables)
        {
            _variables[System.Text.Encoding.Latin1.GetString(variable, 0, variable.AsSpan().IndexOf((byte)'='))] = variable;
        }

        return 0;
    }

    /// <summary>Changes the directory; a relative one begins where the connection is.</summary>
    /// <returns>0, or the number of the error.</returns>
    internal int Enter(byte[] directory)
    {
        if (directory.Length == 0)
        {
            return Errno.ENOENT;
        }

        bool isAbsolute = directory[0] == (byte)'/';
        int errno = LibcFiles.TryResolveDirectory(isAbsolute || _directory is null ? directory : [.. _directory, (byte)'/', .. directory], out byte[]? path);
        _directory = path ?? _directory;
        return errno;
    }
}
