using System.Globalization;
using Kuid.Sysreq.Grammar.Tree;

namespace Kuid.Sysreq.Pipeline.Evaluation.Expansion;

internal sealed partial class WordExpander
{
    private async ValueTask AddParameterAsync(FieldBuilder builder, ParameterPart part, bool isQuoted)
    {
        if (part.Operation == ParameterOperation.Length)
        {
            AddExpansion(builder, Text(await LengthAsync(part.Name)), isQuoted);
            return;
        }

        string? value = await ValueOfAsync(part.Name);
        bool isThere = value is not null && !(part.TreatsEmptyAsUnset && value.Length == 0);
        switch (part.Operation)
        {
            case ParameterOperation.Value:
            case ParameterOperation.Default when isThere:
            case ParameterOperation.AssignDefault when isThere:
            case ParameterOperation.Require when isThere:
                AddValue(builder, part.Name, value ?? "", isQuoted, text => text);
                break;
            case ParameterOperation.Default:
            case ParameterOperation.Alternative when isThere:
                await AddOperandAsync(builder, part, isQuoted);
                break;
            case ParameterOperation.Alternative:
                AddExpansion(builder, "", isQuoted);
                break;
            case ParameterOperation.AssignDefault:
                AddExpansion(builder, await AssignDefaultAsync(part), isQuoted);
                break;
            case ParameterOperation.Require:
                throw new ExpansionException(await RequirementAsync(part), part.Span, endsScript: true);
            default:
                Pattern pattern = await PatternAsync(part.Operand!);
                AddValue(builder, part.Name, value ?? "", isQuoted, text => Removal.Of(text, pattern, part.Operation, _cancellation));
                break;
        }
    }

    /// <summary>The value of a parameter; null when it has none.</summary>
    private async ValueTask<string?> ValueOfAsync(string name)
    {
        switch (name)
        {
            case "?":
                return Text(_shell.Status);
            case "#":
                return Text(_shell.Arguments.Count);
            case "!":
                return _shell.LastJob is { } job ? Text(job) : null;
            case "$":
                return Text(_shell.Connection.System.Client.Pid);
            case "0":
                return Shell.Name;
            case "@":
            case "*":
                return _shell.Arguments.Count == 0 ? null : string.Join(name == "@" ? " " : Joiner, _shell.Arguments);
            case "PWD" when _shell.Variables.Get(name) is null:
                // What a server was started in costs a round trip, so it is asked for when somebody wants it.
                var directory = await _shell.Connection.System.WorkingDirectoryAsync(_cancellation);
                _shell.Variables.Set(name, ShellText.Of(directory.Span));
                return _shell.Variables.Get(name);
            default:
                return int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
                    ? _shell.Arguments.ElementAtOrDefault(number - 1)
                    : _shell.Variables.Get(name);
        }
    }

    private void AddValue(FieldBuilder builder, string name, string value, bool isQuoted, Func<string, string> change)
    {
        if (name is not ("@" or "*"))
        {
            AddExpansion(builder, change(value), isQuoted);
            return;
        }

        // Unquoted and split again, the arguments are joined first, so that an empty one stays where IFS is no white space.
        if ((name == "*" && (isQuoted || !builder.Splits)) || (!isQuoted && builder.Splits && Joiner.Length > 0))
        {
            AddExpansion(builder, string.Join(Joiner, _shell.Arguments.Select(change)), isQuoted);
            return;
        }

        for (int at = 0; at < _shell.Arguments.Count; at++)
        {
            if (at > 0)
            {
                builder.AddBreak();
            }

            AddExpansion(builder, change(_shell.Arguments[at]), isQuoted);
        }
    }

    private async ValueTask AddOperandAsync(FieldBuilder builder, ParameterPart part, bool isQuoted)
    {
        if (!isQuoted)
        {
            await AddPartsAsync(builder, part.Operand!.Parts, Tilde.AtStart, isOperand: true);
            return;
        }

        if (part.Operand!.Parts.Count == 0)
        {
            builder.AddQuoted("");
        }

        foreach (WordPart inner in part.Operand.Parts)
        {
            await AddPartAsync(builder, inner, isQuoted: true, isOperand: false);
        }
    }

    private async ValueTask<string> AssignDefaultAsync(ParameterPart part)
    {
        if (!Variables.IsName(part.Name))
        {
            throw new ExpansionException($"${part.Name} cannot be given a value this way: only variables can", part.Span);
        }

        string value = await TextAsync(part.Operand!.Parts, isOperand: true);
        _shell.Variables.Set(part.Name, value);
        return value;
    }

    private async ValueTask<string> RequirementAsync(ParameterPart part)
    {
        string message = await TextAsync(part.Operand!.Parts, isOperand: true);
        return $"{part.Name}: {(message.Length > 0 ? message : part.TreatsEmptyAsUnset ? "is empty or not set" : "is not set")}";
    }

    private async ValueTask<int> LengthAsync(string name) =>
        name is "@" or "*" ? _shell.Arguments.Count : ShellText.LengthOf(await ValueOfAsync(name) ?? "");

    /// <summary>What stands between the arguments in <c>$*</c>: the first character of IFS.</summary>
    private string Joiner => Separators is [var first, ..] ? first.ToString() : "";

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
