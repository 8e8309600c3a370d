using Kuid.Jobd.Core.Processes;

namespace Kuid.Jobd.Core.Coprocess;

/// <summary>How a text ended that a session's shell evaluated.</summary>
/// <param name="Status">The exit code of its last command; the shell's own end where that has ended with it.</param>
/// <param name="HasEnded">Whether the shell has ended: the text said <c>exit</c> or <c>exec</c>, or the shell was killed.</param>
public readonly record struct ShellStatus(WaitStatus Status, bool HasEnded);
