using Kuid.Jobd.Core.Native;

namespace Kuid.Jobd.Core.Processes.Isolation;

/// <summary>Measures as the shim takes them, and in words.</summary>
internal static class IsolationValues
{
    /// <summary>All but the groups, which the caller keeps in place during the call.</summary>
    /// <param name="report">The socket of kuid-sandbox, which becomes the other user itself; null where there is none.</param>
    internal static KuidSpawn.Isolation Of(IsolationMeasures? measures, SafeFd? report) => measures is null ? default : new KuidSpawn.Isolation
    {
        Flags = KuidSpawn.NoNewPrivs
            | (measures.User is null || report is not null ? 0 : KuidSpawn.AsUser)
            | (measures.Umask is null ? 0 : KuidSpawn.WithUmask)
            | (report is null ? 0 : KuidSpawn.WithReport),
        Report = report?.Number ?? 0,
        Umask = (uint)(measures.Umask ?? UnixFileMode.None),
        Uid = measures.User?.Id ?? 0,
        Gid = measures.User?.GroupId ?? 0,
        GroupCount = (uint)(measures.User?.Groups.Count ?? 0),
    };

    internal static uint[] GroupsOf(IsolationMeasures? measures) => [.. measures?.User?.Groups ?? []];

    /// <summary>What a step that failed was about.</summary>
    internal static string Describe(SpawnStep step, IsolationMeasures measures, string target) =>
        step is SpawnStep.NoNewPrivs or > SpawnStep.Capabilities || measures.User is not { } user ? target : $"{target} as the user {user.Name}";
}
