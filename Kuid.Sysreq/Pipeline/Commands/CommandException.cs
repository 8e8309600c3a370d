using Kuid.Sysreq.Grammar;

namespace Kuid.Sysreq.Pipeline.Commands;

/// <summary>A command that cannot be done, or not to its end.</summary>
/// <param name="message">
/// Why, as <see cref="Kuid.Sysreq.Pipeline.Values.ErrorValue.Message"/> has it: without the command's name before it.
/// </param>
public sealed class CommandException(string message, SourceSpan? span = null, int status = 1, string? errno = null) : Exception(message)
{
    /// <summary>The part of the source that is wrong; null when the fault lies elsewhere.</summary>
    public SourceSpan? Span => span;

    /// <summary>The status that the command ends with: 1 for a failure, 2 for wrong use, 127 for a command that there is not.</summary>
    public int Status => status;

    /// <summary>The name of the kernel's error, such as <c>ENOENT</c>; null for others.</summary>
    public string? Errno => errno;
}
