namespace Kuid.Sysreq.Pipeline.Commands;

/// <summary>The commands that work on the session: its variables, its directory, its flow.</summary>
public static class ShellCommands
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<Command> All { get; } = [];
}
