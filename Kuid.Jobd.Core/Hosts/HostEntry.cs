namespace Kuid.Jobd.Core.Hosts;

/// <summary>Where a host is known from.</summary>
public enum HostSource
{
    /// <summary>From the program: <c>local</c>.</summary>
    Builtin,

    /// <summary>From the configuration file, which only its writer changes.</summary>
    Config,

    /// <summary>From a client; it is kept in the history.</summary>
    Client,
}

/// <summary>A host that pipelines can name.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Address">Where it is, as <see cref="Kuid.Sysreq.Remote.HostAddress"/> prints it.</param>
/// <param name="Source">Where it is known from.</param>
public sealed record HostEntry(string Name, string Address, HostSource Source);

/// <summary>What became of a change of a host.</summary>
public enum HostChange
{
    /// <summary>There is one more.</summary>
    Added,

    /// <summary>It has another address.</summary>
    Replaced,

    /// <summary>It is gone.</summary>
    Removed,

    /// <summary>It is not a client's to change.</summary>
    ReadOnly,

    /// <summary>There is none of that name.</summary>
    NoSuchHost,
}
