using System.Globalization;
using System.Runtime.InteropServices;
using Kuid.Jobd.Core.Descriptors;
using Kuid.Jobd.Core.Native;

namespace Kuid.Jobd.Core.Tests.Descriptors;

/// <summary>What the kernel says is in the epoll sets of this process (proc(5), fdinfo).</summary>
internal static partial class EpollSet
{
    /// <summary>How many epoll sets watch this inode, by whatever descriptor number.</summary>
    internal static int Watching(string inode) => Directory.EnumerateFiles("/proc/self/fdinfo")
        .SelectMany(ReadLines)
        .Count(line => line.StartsWith("tfd:", StringComparison.Ordinal) && line.Contains($" ino:{inode} ", StringComparison.Ordinal));

    /// <summary>The inode of a pipe as fdinfo writes it, in hexadecimal.</summary>
    internal static string Inode(SafeFd pipe)
    {
        string link = File.ResolveLinkTarget($"/proc/self/fd/{pipe.Number}", returnFinalTarget: false)!.Name;
        string digits = new([.. link.Where(char.IsAsciiDigit)]);
        return long.Parse(digits, CultureInfo.InvariantCulture).ToString("x", CultureInfo.InvariantCulture);
    }

    /// <summary>Another descriptor of the same open file, as a child has between clone and exec.</summary>
    internal static SafeFd Copy(SafeFd fd) => new(RawDup(fd));

    /// <summary>A pipe whose read end is in a reactor.</summary>
    internal static (Descriptor Read, SafeFd Write) Pipe(Reactor reactor)
    {
        (SafeFd read, SafeFd write) = LibcIo.Pipe();
        LibcIo.MakeNonBlocking(read);
        return (new Descriptor(reactor, read, EpollEvents.In), write);
    }

    private static string[] ReadLines(string path)
    {
        try
        {
            return File.ReadAllLines(path);
        }
        catch (IOException)
        {
            // It was closed since it was listed.
            return [];
        }
    }

    [LibraryImport("libc", EntryPoint = "dup")]
    private static partial int RawDup(SafeFd fd);
}
