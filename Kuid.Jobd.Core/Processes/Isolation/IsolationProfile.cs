namespace Kuid.Jobd.Core.Processes.Isolation;

/// <summary>
/// What is between a job's process and the daemon that starts it, each one with all that the one before has. The numbers go to disk
/// and the words to JSON: append only.
/// </summary>
public enum IsolationProfile
{
    /// <summary>A session of its own, default signals, no descriptor of the daemon's; what every process gets.</summary>
    None = 1,

    /// <summary>No more rights by executing something (no_new_privs), limits, a clean environment.</summary>
    Basic = 2,

    /// <summary>Another user than the daemon, with no capability.</summary>
    User = 3,

    /// <summary>Namespaces of its own: no network, no other processes, files to be read only.</summary>
    Strict = 4,
}
