using Kuid.Sysreq.Pipeline.Rows;
using Kuid.Sysreq.Pipeline.Values;

namespace Kuid.Sysreq.Pipeline.Commands;

/// <summary>
/// The arguments of a call: its options, which stand first, and its operands. What is wrong becomes a <see cref="CommandException"/>
/// with the place of the argument.
/// </summary>
/// <remarks>
/// Options are what <see cref="CommandHelp.Options"/> declares, so that the help cannot say anything else. <c>-rn</c> is <c>-r -n</c>,
/// <c>-n5</c> is <c>-n 5</c>, <c>--name=x</c> is <c>--name x</c>, <c>--</c> ends them, and so does the first operand; what <c>xargs</c> adds is no option, whatever a file is called. A dash before a
/// digit begins a negative number, unless that digit is an option; a single dash is an operand. A call that awaits more arguments from
/// <c>xargs</c> is never short of any.
/// </remarks>
public sealed class ArgumentReader
{
    private readonly CommandCall _call;
    private readonly OptionSet _options;
    private readonly List<Argument> _operands = [];
    private readonly Dictionary<string, List<Argument>> _given = new(StringComparer.Ordinal);

    /// <summary>Takes the options from the arguments.</summary>
    /// <param name="help">The help of the command, which declares its options.</param>
    /// <exception cref="CommandException">There is an option that the command does not have, or one lacks its value.</exception>
    public ArgumentReader(CommandCall call, CommandHelp help)
    {
        _call = call;
        _options = new OptionSet(help);
        int next = 0;
        while (next < Math.Min(call.Arguments.Count, call.OperandsFrom) && IsOption(call.Arguments[next], out string text))
        {
            next++;
            if (text == "--")
                break;

            if (text.StartsWith("--", StringComparison.Ordinal))
                TakeLong(call.Arguments[next - 1], text, ref next);
            else
                TakeShort(call.Arguments[next - 1], text, ref next);
        }

        _operands.AddRange(call.Arguments.Skip(next));
    }

    /// <summary>What is no option.</summary>
    public IReadOnlyList<Argument> Operands => _operands;

    /// <summary>Whether more arguments will follow, from <c>xargs</c>.</summary>
    public bool AwaitsArguments => _call.AwaitsArguments;

    /// <summary>The rows of the stage before.</summary>
    /// <exception cref="CommandException">There is no stage before that has any.</exception>
    public RowSource Input => _call.Input is { Columns.Count: > 0 } input
        ? input
        : throw new CommandException($"needs rows to work on, as in ls | {_call.Name}", _call.Span, status: 2);

    /// <summary>Whether an option was given, by any of its names.</summary>
    public bool Has(string option) => _given.ContainsKey(option);

    /// <summary>The value of an option where it was given last; null when it was not.</summary>
    public Argument? ValueOf(string option) => _given.TryGetValue(option, out List<Argument>? values) ? values[^1] : null;

    /// <summary>Every value that an option was given.</summary>
    public IReadOnlyList<Argument> ValuesOf(string option) => _given.GetValueOrDefault(option) ?? [];

    /// <summary>The operand at a place; null when there are fewer.</summary>
    public Argument? OperandAt(int place) => place < _operands.Count ? _operands[place] : null;

    /// <summary>Refuses fewer operands.</summary>
    /// <param name="name">What one is called, such as <c>PATH</c>.</param>
    public void NeedAtLeast(int count, string name)
    {
        if (_operands.Count < count && !AwaitsArguments)
            throw Refusal(count == 1 ? $"needs at least one {name}" : $"needs at least {count} arguments ({name})");
    }

    /// <summary>Refuses more operands.</summary>
    /// <param name="name">What one is called; not said where none is allowed.</param>
    public void TakeAtMost(int count, string name = "")
    {
        if (_operands.Count <= count)
            return;

        string text = VisibleText.Of(Text(_operands[count]));
        string allowed = count switch { 0 => "takes no arguments", 1 => $"takes one {name}", _ => $"takes at most {count} arguments ({name})" };
        throw Refusal($"{allowed}: {text} is too much", _operands[count]);
    }

    /// <summary>Refuses fewer operands and more.</summary>
    /// <param name="names">What each is called, such as <c>OLD</c> and <c>NEW</c>.</param>
    public void NeedExactly(params IReadOnlyList<string> names)
    {
        if (_operands.Count < names.Count && !AwaitsArguments)
            throw Refusal($"needs {Phrase.And(names)}");

        if (_operands.Count > names.Count)
            throw Refusal($"takes {Phrase.And(names)}: {VisibleText.Of(Text(_operands[names.Count]))} is too much", _operands[names.Count]);
    }

    /// <summary>The column that an argument names, demanded if it is on demand.</summary>
    /// <param name="input">The rows that have it; null for <see cref="Input"/>.</param>
    public (int Index, Column Column) Column(Argument argument, RowSource? input = null) =>
        InputColumns.Find(input ?? Input, Text(argument), argument.Span);

    /// <summary>A refusal of the call, or of one of its arguments.</summary>
    public CommandException Refusal(string message, Argument? argument = null) => new(message, argument?.Span ?? _call.Span, status: 2);

    /// <summary>The text of an argument.</summary>
    public static string Text(Argument argument) => ValueText.Of(argument.Value);

    private static bool IsDigit(string text) => text.Length > 1 && char.IsAsciiDigit(text[1]);

    private bool IsOption(Argument argument, out string text)
    {
        text = (argument.Value as StringValue)?.Text ?? "";
        return text is ['-', _, ..] && (!IsDigit(text) || _options.Find(text[..2]) is not null);
    }

    private void TakeLong(Argument argument, string text, ref int next)
    {
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        string name = equals < 0 ? text : text[..equals];
        OptionSet.Option option = _options.Find(name) ?? throw Unknown(name, argument);
        if (option.Value is null && equals >= 0)
            throw Refusal($"the option {name} has no value", argument);

        Give(option, name, equals < 0 ? null : argument with { Value = new StringValue(text[(equals + 1)..]) }, argument, ref next);
    }

    private void TakeShort(Argument argument, string text, ref int next)
    {
        for (int place = 1; place < text.Length; place++)
        {
            string name = "-" + text[place];
            OptionSet.Option option = _options.Find(name) ?? throw Unknown(name, argument);
            bool hasRest = option.Value is not null && place + 1 < text.Length;
            Give(option, name, hasRest ? argument with { Value = new StringValue(text[(place + 1)..]) } : null, argument, ref next);
            if (option.Value is not null)
                return;
        }
    }

    private void Give(OptionSet.Option option, string name, Argument? attached, Argument argument, ref int next)
    {
        if (!_given.TryGetValue(option.Name, out List<Argument>? values))
            _given.Add(option.Name, values = []);

        if (option.Value is null || attached is not null)
            values.Add(attached ?? argument);
        else if (next < _call.Arguments.Count)
            values.Add(_call.Arguments[next++]);
        else
            throw Refusal($"the option {name} needs a value ({option.Value})", argument);
    }

    private CommandException Unknown(string name, Argument argument) => Refusal(
        _options.Names switch
        {
            [] => $"there is no option {VisibleText.Of(name)}; {_call.Name} has none",
            [var only] => $"there is no option {VisibleText.Of(name)}; there is {only}",
            var all => $"there is no option {VisibleText.Of(name)}; there are {Phrase.And(all)}",
        },
        argument);
}
