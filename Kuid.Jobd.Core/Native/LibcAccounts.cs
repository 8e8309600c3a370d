using System.Runtime.InteropServices;
using System.Text;

namespace Kuid.Jobd.Core.Native;

/// <summary>Users and groups by name or number, from wherever the machine keeps them (nsswitch.conf(5)).</summary>
public static partial class LibcAccounts
{
    // As large as entries of directories with many members get; ERANGE beyond is an error like others.
    private const int TextBytes = 64 * 1024;

    // NGROUPS_MAX of Linux (limits.h).
    private const int MostGroups = 65536;

    /// <summary>A user as passwd(5) has it; null when there is none of that name.</summary>
    /// <exception cref="NativeException">It could not be looked up.</exception>
    internal static unsafe (uint Id, uint GroupId, byte[] Home, byte[] Shell)? Find(string name)
    {
        byte[] text = new byte[TextBytes];
        fixed (byte* buffer = text)
        {
            User user;
            int errno;
            nint found;
            while ((errno = RawGetUser(name, &user, buffer, (nuint)text.Length, out found)) == Errno.EINTR)
            {
            }

            return errno is not (0 or Errno.ENOENT or Errno.ESRCH) ? throw new NativeException($"look up the user {name}", errno)
                : found == 0 ? null
                : (user.Id, user.GroupId, BytesAt(user.Home), BytesAt(user.Shell));
        }
    }

    /// <summary>All groups of a user, as initgroups(3) would set them.</summary>
    internal static uint[] GroupsOf(string name, uint group)
    {
        uint[] groups = new uint[64];
        int count = groups.Length;
        if (RawGetGroups(name, group, groups, ref count) < 0)
        {
            count = Math.Clamp(count, groups.Length + 1, MostGroups);
            groups = new uint[count];
            if (RawGetGroups(name, group, groups, ref count) < 0)
            {
                throw new NativeException($"look up the groups of {name}", Errno.EINVAL);
            }
        }

        return groups[..count];
    }

    /// <summary>The id of a group by its name, wherever NSS keeps groups; null when there is none.</summary>
    public static unsafe uint? GroupId(string name)
    {
        byte* text = stackalloc byte[TextBytes];
        Group group;
        return RawGetGroup(name, &group, text, TextBytes, out nint found) == 0 && found != 0 ? group.Id : null;
    }

    /// <summary>The name of a user by its id, wherever NSS keeps users; null when there is none.</summary>
    public static unsafe string? UserName(uint id)
    {
        byte* text = stackalloc byte[TextBytes];
        User user;
        return RawGetUserById(id, &user, text, TextBytes, out nint found) == 0 && found != 0 ? Marshal.PtrToStringUTF8(user.Name) : null;
    }

    private static byte[] BytesAt(nint text) => text == 0 ? [] : Encoding.UTF8.GetBytes(Marshal.PtrToStringUTF8(text)!);

    [LibraryImport("libc", EntryPoint = "getpwnam_r", StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int RawGetUser(string name, User* user, byte* text, nuint capacity, out nint found);

    [LibraryImport("libc", EntryPoint = "getgrouplist", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int RawGetGroups(string name, uint group, [In, Out] uint[] groups, ref int count);

    [LibraryImport("libc", EntryPoint = "getpwuid_r")]
    private static unsafe partial int RawGetUserById(uint id, User* user, byte* text, nuint capacity, out nint found);

    [LibraryImport("libc", EntryPoint = "getgrnam_r", StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int RawGetGroup(string name, Group* group, byte* text, nuint capacity, out nint found);

    [StructLayout(LayoutKind.Sequential)]
    private struct Group
    {
        internal nint Name;
        internal nint Password;
        internal uint Id;
        internal nint Members;
    }

    // struct passwd as it is on 64-bit Linux.
    [StructLayout(LayoutKind.Sequential)]
    private struct User
    {
        internal nint Name;
        internal nint Password;
        internal uint Id;
        internal uint GroupId;
        internal nint Gecos;
        internal nint Home;
        internal nint Shell;
    }
}
