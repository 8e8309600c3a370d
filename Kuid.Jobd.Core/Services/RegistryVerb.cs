namespace Kuid.Jobd.Core.Services;

/// <summary>The first field of every message between a subserver and the superserver.</summary>
public static class RegistryVerb
{
    /// <summary>The superserver's first message: the version of it.</summary>
    public const string Welcome = "WELCOME";

    /// <summary>A subserver's whole list, as the JSON of <see cref="ServiceOffer"/>.</summary>
    public const string Offer = "OFFER";

    /// <summary>A name is the subserver's from now on.</summary>
    public const string Granted = "GRANTED";

    /// <summary>Another has a name: which user; the claim waits.</summary>
    public const string Taken = "TAKEN";

    /// <summary>An offer is wrong and has changed nothing: why.</summary>
    public const string Refused = "REFUSED";

    /// <summary>A call: its number, the service, <c>plain</c> or <c>frames</c>, the principal, the claimed user, the arguments.</summary>
    public const string Call = "CALL";

    /// <summary>A call's program runs: its number, the process id.</summary>
    public const string Started = "STARTED";

    /// <summary>A call is over: number, wait status, microseconds of user and system, bytes of memory, bytes in and out or -1.</summary>
    public const string Ended = "ENDED";

    /// <summary>A call's program could not be started: number, why.</summary>
    public const string Failed = "FAILED";

    /// <summary>A call is to be ended: its number.</summary>
    public const string End = "END";
}
