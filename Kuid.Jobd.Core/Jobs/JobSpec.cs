using Kuid.Jobd.Core.Processes;

namespace Kuid.Jobd.Core.Jobs;

/// <summary>The door that a job came in by.</summary>
public enum JobOrigin
{
    /// <summary>The sockproc door.</summary>
    Sockproc = 1,

    /// <summary>The HTTP door.</summary>
    Http = 2,

    /// <summary>The coprocess door.</summary>
    Coprocess = 3,

    /// <summary>The services door.</summary>
    Service = 4,

    /// <summary>A schedule.</summary>
    Schedule = 5,
}

/// <summary>What a job is to do and within which bounds, as every door hands it to the <see cref="JobService"/>.</summary>
public sealed record JobSpec
{
    /// <summary>The longest time that may be given for anything; the timers of .NET end a little later (2^32 ms).</summary>
    public static readonly TimeSpan LongestTime = TimeSpan.FromDays(49);

    /// <summary>What to execute.</summary>
    public required ProcessSpec Process { get; init; }

    /// <summary>The door it came in by.</summary>
    public required JobOrigin Origin { get; init; }

    /// <summary>Who asked for it: <c>uid:1000</c>, <c>tcp:127.0.0.1</c>.</summary>
    public required string Principal { get; init; }

    /// <summary>Where its standard input comes from.</summary>
    public JobInput Stdin { get; init; } = JobInput.Empty;

    /// <summary>The lane it waits in; null to start at once.</summary>
    public string? Lane { get; init; }

    /// <summary>Its place in the lane: the higher, the sooner.</summary>
    public int Priority { get; init; }

    /// <summary>How long it may run; null for ever.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>How long it has between SIGTERM and SIGKILL; null for the daemon's own.</summary>
    public TimeSpan? Grace { get; init; }

    /// <summary>How long its streams are read after it exited while others hold them; null until they let go.</summary>
    public TimeSpan? Drain { get; init; }

    /// <summary>How many bytes of each stream are kept; null for all.</summary>
    public long? KeepOutput { get; init; }

    /// <summary>How many bytes it may write to one stream before it is ended; null for any number.</summary>
    public long? OutputLimit { get; init; }

    /// <summary>Whether a job can be made of it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Names the member, its value and what is allowed.</exception>
    internal void Validate()
    {
        foreach ((string name, TimeSpan? time) in ((string, TimeSpan?)[])
            [(nameof(Timeout), Timeout), (nameof(Grace), Grace), (nameof(Drain), Drain)])
        {
            if (time < TimeSpan.Zero || time > LongestTime)
            {
                throw new ArgumentOutOfRangeException(name, time, $"allowed: 0 to {LongestTime.TotalSeconds} seconds");
            }
        }
    }
}
