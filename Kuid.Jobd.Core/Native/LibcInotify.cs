using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Kuid.Jobd.Core.Native;

/// <summary>inotify(7), for one folder whose files grow.</summary>
internal static partial class LibcInotify
{
    private const int IN_NONBLOCK_CLOEXEC = 0x800 | 0x80000;
    private const uint IN_MODIFY = 0x2;
    private const uint IN_CLOSE_WRITE = 0x8;
    private const uint IN_Q_OVERFLOW = 0x4000;
    private const int HeaderSize = 16;

    /// <summary>Watches the files of a folder for what is written to them.</summary>
    /// <exception cref="NativeException">EMFILE where the user has too many of them (fs.inotify.max_user_instances), ENOENT.</exception>
    internal static SafeFd Watch(string folder)
    {
        var inotify = new SafeFd(RawInit(IN_NONBLOCK_CLOEXEC));
        if (inotify.IsInvalid)
        {
            throw NativeException.Last("inotify_init1");
        }

        if (RawAdd(inotify, folder, IN_MODIFY | IN_CLOSE_WRITE) < 0)
        {
            NativeException e = NativeException.Last($"watch {folder}");
            inotify.Dispose();
            throw e;
        }

        return inotify;
    }

    /// <summary>Takes the events of one read apart.</summary>
    /// <returns>The name of a file for each; null for events that were dropped, which may have been any file's.</returns>
    internal static IEnumerable<string?> Names(ReadOnlyMemory<byte> events)
    {
        while (events.Length >= HeaderSize)
        {
            bool overflow = (BinaryPrimitives.ReadUInt32LittleEndian(events.Span[4..]) & IN_Q_OVERFLOW) != 0;
            int length = BinaryPrimitives.ReadInt32LittleEndian(events.Span[12..]);
            yield return overflow ? null : Encoding.UTF8.GetString(events.Span.Slice(HeaderSize, length).TrimEnd((byte)0));
            events = events[(HeaderSize + length)..];
        }
    }

    [LibraryImport("libc", EntryPoint = "inotify_init1", SetLastError = true)]
    private static partial int RawInit(int flags);

    [LibraryImport("libc", EntryPoint = "inotify_add_watch", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int RawAdd(SafeFd inotify, string path, uint mask);
}
