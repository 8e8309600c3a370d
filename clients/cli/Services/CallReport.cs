using Kuid.Jobd.Core.Processes;
using Kuid.Jobd.Core.Services;

namespace Kuid.Cli.Services;

/// <summary>What the superserver hears of one call.</summary>
/// <param name="call">The call's number.</param>
/// <param name="send">Sends a message; one that nobody takes any more is no error.</param>
internal sealed class CallReport(long call, Func<RegistryMessage, Task> send)
{
    private const long Unknown = -1;

    /// <summary>Its program runs.</summary>
    internal Task StartedAsync(int pid) => send(RegistryMessage.Of(RegistryVerb.Started, call, pid));

    /// <summary>It could not be started.</summary>
    internal Task FailedAsync(string why) => send(RegistryMessage.Of(RegistryVerb.Failed, call, why));

    /// <summary>It is over.</summary>
    /// <param name="bytes">What its program read and wrote, where that is known.</param>
    internal Task EndedAsync(WaitStatus status, ResourceUsage usage, (long In, long Out)? bytes) => send(RegistryMessage.Of(
        RegistryVerb.Ended,
        call,
        status.Raw,
        (long)usage.User.TotalMicroseconds,
        (long)usage.System.TotalMicroseconds,
        usage.MaxRssBytes,
        bytes?.In ?? Unknown,
        bytes?.Out ?? Unknown));
}
