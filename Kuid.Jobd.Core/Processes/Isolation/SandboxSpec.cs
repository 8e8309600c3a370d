namespace Kuid.Jobd.Core.Processes.Isolation;

/// <summary>What <c>kuid-sandbox</c> is told of a job of the profile strict, beside the job itself.</summary>
/// <param name="Program">The path of kuid-sandbox.</param>
/// <param name="Writable">Folders that can be written to as outside; all else can be read only.</param>
/// <param name="Hidden">Paths that are empty: what is the daemon's own, and the sockets that it would run anything for.</param>
public sealed record SandboxSpec(string Program, WordList Writable, WordList Hidden)
{
    /// <summary>Where kuid-sandbox is: beside the daemon's own files, as the spawn shim is.</summary>
    public static string Installed => Path.Combine(AppContext.BaseDirectory, "kuid-sandbox");
}
