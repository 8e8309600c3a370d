namespace Kuid.Cli;

/// <summary>Where kuid keeps what belongs to its user, by the XDG Base Directory Specification.</summary>
internal static class UserFolders
{
    /// <summary>What the user writes: <c>$XDG_CONFIG_HOME/kuid</c>, else <c>~/.config/kuid</c>.</summary>
    internal static string Config => Folder("XDG_CONFIG_HOME", ".config");

    /// <summary>What kuid remembers: <c>$XDG_STATE_HOME/kuid</c>, else <c>~/.local/state/kuid</c>.</summary>
    internal static string State => Folder("XDG_STATE_HOME", ".local/state");

    // The specification wants paths that are not absolute to be ignored.
    private static string Folder(string variable, string inHome) => Path.Combine(
        Environment.GetEnvironmentVariable(variable) is { } path && Path.IsPathRooted(path) ? path : Path.Combine(Home, inHome), "kuid");

    private static string Home => Environment.GetEnvironmentVariable("HOME") is { Length: > 0 } home ? home : "/";
}
