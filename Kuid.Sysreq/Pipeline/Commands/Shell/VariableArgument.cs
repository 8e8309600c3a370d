using Kuid.Sysreq.Pipeline.Evaluation;
using Kuid.Sysreq.Pipeline.Evaluation.Expansion;

namespace Kuid.Sysreq.Pipeline.Commands.Shell;

/// <summary>An argument of the form <c>NAME</c> or <c>NAME=VALUE</c>.</summary>
/// <param name="Name">The name of a variable.</param>
/// <param name="Value">Null where none is given.</param>
internal readonly record struct VariableArgument(string Name, string? Value)
{
    /// <summary>Reads one.</summary>
    /// <exception cref="CommandException">No variable can have that name.</exception>
    public static VariableArgument Read(ArgumentReader arguments, Argument argument)
    {
        string text = ShellText.Of(argument.Value);
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        string name = equals < 0 ? text : text[..equals];
        return Variables.IsName(name)
            ? new VariableArgument(name, equals < 0 ? null : text[(equals + 1)..])
            : throw arguments.Refusal($"{name} is no name of a variable: letters, digits and _, no digit first", argument);
    }
}
