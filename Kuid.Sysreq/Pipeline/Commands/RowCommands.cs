namespace Kuid.Sysreq.Pipeline.Commands;

/// <summary>The commands that work on rows and know no remote system.</summary>
public static class RowCommands
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<Command> All { get; } = [];
}
