using Kuid.Jobd.Core.Jobs;
using Kuid.Jobd.Core.Native;

namespace Kuid.Jobd.Core.Processes.Isolation;

/// <summary>
/// Which profile a job gets, which ones can be had, and what each means for a process: the one place that doors, executors and the
/// check of the configuration ask.
/// </summary>
public sealed class IsolationPolicy
{
    private static readonly byte[] Root = "/"u8.ToArray();
    private static readonly byte[] Temporary = "/tmp"u8.ToArray();

    private readonly IsolationSettings _settings;
    private readonly Dictionary<IsolationProfile, IsolationMeasures> _measures = [];
    private readonly Dictionary<IsolationProfile, string> _refused = [];

    /// <summary>Looks up what the settings name.</summary>
    /// <param name="inherited">What the daemon was started with.</param>
    /// <exception cref="NativeException">The users cannot be looked up.</exception>
    public IsolationPolicy(IsolationSettings settings, InheritedEnvironment inherited)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(inherited);
        _settings = settings;
        JobUser? user = settings.User is { } name ? JobUser.Find(name) : null;
        string? whyNoUser = WhyNoUser(settings, user);
        var sandbox = new SandboxSpec(SandboxSpec.Installed, settings.Writable, settings.Hidden);
        Add(IsolationProfile.Basic, Measures(inherited, user: null), whyNot: null);
        Add(IsolationProfile.User, Measures(inherited, user) with { WorkingDirectory = Root }, whyNoUser);
        Add(
            IsolationProfile.Strict,
            Measures(inherited, whyNoUser is null ? user : null) with { WorkingDirectory = Temporary, Sandbox = sandbox },
            SandboxSupport.WhyNot(sandbox.Program, whyNoUser));
        foreach (IsolationProfile profile in Enum.GetValues<IsolationProfile>().Where(profile => profile < settings.Minimum))
        {
            _refused[profile] = $"isolation-minimum is {Word(settings.Minimum)}";
        }
    }

    /// <summary>The policy of an engine without settings: every door has none.</summary>
    public static IsolationPolicy None { get; } = new(
        new IsolationSettings { Http = IsolationProfile.None, Coprocess = IsolationProfile.None }, new InheritedEnvironment([], null));

    /// <summary>What of the settings cannot work on this machine, each with the option's name; a daemon does not start with any of it.</summary>
    /// <param name="coprocess">Whether there is a coprocess socket.</param>
    public IEnumerable<string> Mistakes(bool coprocess = false)
    {
        if (_settings.User is { } name && JobUser.Find(name) is null)
        {
            yield return $"isolation-user \"{name}\": there is no such user";
        }

        foreach (string folder in _settings.Writable.Where(folder => !Directory.Exists(folder)))
        {
            yield return $"isolation-writable {folder}: there is no such folder";
        }

        if (coprocess && _settings.Minimum > IsolationProfile.Basic)
        {
            yield return $"coprocess-socket: its programs have none or basic, and isolation-minimum is {Word(_settings.Minimum)}";
        }

        foreach ((string option, IsolationProfile profile) in ((string, IsolationProfile)[])
            [("isolation-sockproc", _settings.Sockproc), ("isolation-http", _settings.Http), ("isolation-minimum", _settings.Minimum)])
        {
            if (profile >= _settings.Minimum && _refused.TryGetValue(profile, out string? why))
            {
                yield return $"{option} {Word(profile)}: {why}";
            }
        }
    }

    /// <summary>The profile of a door's jobs that ask for none.</summary>
    public IsolationProfile DefaultOf(JobOrigin origin)
    {
        IsolationProfile own = origin switch
        {
            JobOrigin.Sockproc => _settings.Sockproc,
            JobOrigin.Coprocess => _settings.Coprocess,
            _ => _settings.Http,
        };
        return own < _settings.Minimum ? _settings.Minimum : own;
    }

    /// <summary>Why a job cannot have a profile, and which ones it can; null when it can have it.</summary>
    public string? Refusal(IsolationProfile profile) => _refused.TryGetValue(profile, out string? why)
        ? $"{Word(profile)} is not to be had: {why}; allowed: "
            + string.Join(", ", Enum.GetValues<IsolationProfile>().Where(other => !_refused.ContainsKey(other)).Select(Word))
        : null;

    /// <summary>A job that has its door's profile where it asks for none. What no process of the daemon's executes has none at all.</summary>
    public JobSpec Settled(JobSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return spec is { Isolation: null, Kind: JobKind.Shell or JobKind.Argv or JobKind.Eval }
            ? spec with { Isolation = DefaultOf(spec.Origin) }
            : spec;
    }

    /// <summary>A process with what a profile means for it.</summary>
    /// <param name="profile">Null for a job of before there were any.</param>
    /// <exception cref="IsolationException">It cannot be had; a job may have been submitted when it could.</exception>
    public ProcessSpec Isolated(ProcessSpec process, IsolationProfile? profile)
    {
        ArgumentNullException.ThrowIfNull(process);
        IsolationProfile wanted = profile ?? IsolationProfile.None;
        if (Refusal(wanted) is { } refusal)
        {
            throw new IsolationException($"isolation {refusal}");
        }

        return wanted == IsolationProfile.None ? process : process with
        {
            Isolation = _measures[wanted],
            WorkingDirectory = process.WorkingDirectory ?? _measures[wanted].WorkingDirectory,
            Limits = Limited(process.Limits ?? new ResourceLimits()),
        };
    }

    // A job's own limits hold where they are lower; a core dump of another's memory is nobody's unless it asks for one.
    private ResourceLimits Limited(ResourceLimits own) => own with
    {
        OpenFiles = Lower(own.OpenFiles, _settings.OpenFiles),
        Processes = Lower(own.Processes, _settings.Processes),
        CoreBytes = own.CoreBytes ?? 0,
    };

    private void Add(IsolationProfile profile, IsolationMeasures measures, string? whyNot)
    {
        _measures[profile] = measures;
        if (whyNot is not null)
        {
            _refused[profile] = whyNot;
        }
    }

    private static long? Lower(long? a, long? b) => a is null || b < a ? b ?? a : a;

    private IsolationMeasures Measures(InheritedEnvironment inherited, JobUser? user) => new()
    {
        Environment = CleanEnvironment.Of(inherited.Variables, _settings.Environment, user),
        User = user,
        Umask = _settings.Umask,
    };

    private static string? WhyNoUser(IsolationSettings settings, JobUser? user) =>
        settings.User is null ? "isolation-user names no user"
        : user is null ? $"there is no user {settings.User}"
        : user.Id == 0 ? "isolation-user is root"
        : LibcFiles.EffectiveUserId() != 0 ? "the daemon is not root"
        : null;

    private static string Word(IsolationProfile profile) => profile.ToString().ToLowerInvariant();
}

/// <summary>A process that cannot be isolated as its job wants it.</summary>
/// <param name="message">What it wants, why it cannot have it, and what it could have.</param>
public sealed class IsolationException(string message) : InvalidOperationException(message);
