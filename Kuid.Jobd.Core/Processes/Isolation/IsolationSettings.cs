namespace Kuid.Jobd.Core.Processes.Isolation;

/// <summary>What an administrator says of the isolation of jobs, each default beside its property.</summary>
public sealed record IsolationSettings
{
    /// <summary>The profile of jobs of the sockproc door, whose clients cannot ask for one.</summary>
    public IsolationProfile Sockproc { get; init; } = IsolationProfile.None;

    /// <summary>The profile of jobs of the HTTP door and of schedules that ask for none.</summary>
    public IsolationProfile Http { get; init; } = IsolationProfile.Basic;

    /// <summary>The profile of programs and shells of the coprocess door, none or basic: they belong to the client's terminal and files.</summary>
    public IsolationProfile Coprocess { get; init; } = IsolationProfile.Basic;

    /// <summary>The least that a job may have; doors whose own is less have this.</summary>
    public IsolationProfile Minimum { get; init; } = IsolationProfile.None;

    /// <summary>The name of the user that jobs of user and, where the daemon is root, of strict run as; null for nobody.</summary>
    public string? User { get; init; }

    /// <summary>Names of variables of the daemon's that jobs from basic on get beside the usual ones.</summary>
    public WordList Environment { get; init; } = WordList.Empty;

    /// <summary>How many descriptors a job from basic on may have open; null for what the daemon may.</summary>
    public long? OpenFiles { get; init; }

    /// <summary>How many processes the user of a job from basic on may have; null for what the daemon's may, and no limit to root.</summary>
    public long? Processes { get; init; }

    /// <summary>Folders that jobs of strict can write to.</summary>
    public WordList Writable { get; init; } = WordList.Empty;

    /// <summary>What jobs of strict are not to see: the daemon's own files and sockets.</summary>
    public WordList Hidden { get; init; } = WordList.Empty;

    /// <summary>The umask of jobs from basic on; null for the daemon's.</summary>
    public UnixFileMode? Umask { get; init; }
}
