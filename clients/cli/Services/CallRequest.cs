using Kuid.Jobd.Core.Services;

namespace Kuid.Cli.Services;

/// <summary>A call as the superserver hands it on.</summary>
/// <param name="Id">Its number, which is the job's.</param>
/// <param name="Service">The service's name.</param>
/// <param name="IsFramed">Whether the descriptor that came with it speaks frames; else it is the caller's socket.</param>
/// <param name="Principal">Who calls, as the superserver knows it.</param>
/// <param name="ClaimedUser">Who the caller says it is; empty when it says nothing.</param>
/// <param name="Arguments">The program's arguments after its name.</param>
internal sealed record CallRequest(
    long Id, string Service, bool IsFramed, string Principal, string ClaimedUser, IReadOnlyList<byte[]> Arguments)
{
    /// <summary>Reads it from a message.</summary>
    /// <exception cref="FormatException">It is not as it should be.</exception>
    internal static CallRequest From(RegistryMessage message) => new(
        message.Number(0),
        message.Text(1),
        message.Text(2) switch
        {
            "plain" => false,
            "frames" => true,
            var mode => throw new FormatException($"a call is plain or with frames, not \"{mode}\""),
        },
        message.Text(3),
        message.Text(4),
        message.From(5));
}
