namespace Kuid.Sysreq.Pipeline.Commands;

/// <summary>The commands that ask the remote system.</summary>
public static class SystemCommands
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<Command> All { get; } = [];
}
