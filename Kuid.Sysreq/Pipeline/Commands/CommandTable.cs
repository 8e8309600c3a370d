using System.Collections.Frozen;

namespace Kuid.Sysreq.Pipeline.Commands;

/// <summary>Every command that there is.</summary>
public static class CommandTable
{
    private static readonly FrozenDictionary<string, Command> ByName =
        RowCommands.All.Concat(ShellCommands.All).Concat(SystemCommands.All).ToFrozenDictionary(command => command.Name, StringComparer.Ordinal);

    /// <summary>All of them, by name.</summary>
    public static IReadOnlyList<Command> All { get; } = [.. ByName.Values.OrderBy(command => command.Name, StringComparer.Ordinal)];

    /// <summary>The command of a name; null when there is none.</summary>
    public static Command? Find(string name) => ByName.GetValueOrDefault(name);
}
