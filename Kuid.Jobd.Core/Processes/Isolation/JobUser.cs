using Kuid.Jobd.Core.Native;

namespace Kuid.Jobd.Core.Processes.Isolation;

/// <summary>The user that isolated jobs run as, looked up once: a child between clone and exec cannot ask.</summary>
/// <param name="Name">The name.</param>
/// <param name="Id">The uid.</param>
/// <param name="GroupId">The gid of the user's own group.</param>
/// <param name="Groups">All groups, that one among them.</param>
/// <param name="Home">The home folder.</param>
/// <param name="Shell">The login shell.</param>
public sealed record JobUser(string Name, uint Id, uint GroupId, IReadOnlyList<uint> Groups, byte[] Home, byte[] Shell)
{
    /// <summary>Looks a user up.</summary>
    /// <returns>Null when there is none of that name.</returns>
    /// <exception cref="NativeException">It could not be looked up.</exception>
    public static JobUser? Find(string name) => LibcAccounts.Find(name) is not { } found
        ? null
        : new JobUser(name, found.Id, found.GroupId, LibcAccounts.GroupsOf(name, found.GroupId), found.Home, found.Shell);
}
