using System.Globalization;
using System.Text;

namespace Kuid.Jobd.Core.Services;

/// <summary>What is wrong with one argument.</summary>
/// <param name="Parameter">The parameter that it was given for; null for one too many.</param>
/// <param name="Text">What is wrong, and what is allowed.</param>
public sealed record ParameterMistake(string? Parameter, string Text);

/// <summary>Arguments of a call that have been held against the service's parameters.</summary>
public sealed class ParameterCheck
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private ParameterCheck(IReadOnlyList<byte[]> arguments, IReadOnlyList<ParameterMistake> mistakes) =>
        (Arguments, Mistakes) = (arguments, mistakes);

    /// <summary>The arguments that the program gets: those given, and the defaults of those left out.</summary>
    public IReadOnlyList<byte[]> Arguments { get; }

    /// <summary>Everything that is wrong; empty when nothing is.</summary>
    public IReadOnlyList<ParameterMistake> Mistakes { get; }

    internal static ParameterCheck Of(IReadOnlyList<ServiceParameter> parameters, IReadOnlyList<byte[]> arguments)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(arguments);
        if (parameters.Count == 0)
        {
            return new ParameterCheck(arguments, []);
        }

        var complete = new List<byte[]>(arguments.Take(parameters.Count));
        var mistakes = new List<ParameterMistake>();
        for (int i = 0; i < parameters.Count; i++)
        {
            ServiceParameter parameter = parameters[i];
            if (i < arguments.Count)
            {
                Add(mistakes, parameter, MistakeIn(parameter, arguments[i]));
            }
            else if (!parameter.Optional)
            {
                Add(mistakes, parameter, $"it is missing; {Allowed(parameter)} is expected");
            }
            else if (parameter.Default is { } value && complete.Count == i)
            {
                complete.Add(Strict.GetBytes(value));
            }
        }

        if (arguments.Count > parameters.Count)
        {
            mistakes.Add(new ParameterMistake(
                Parameter: null, $"{arguments.Count} arguments were given, and the service takes {parameters.Count} at most"));
        }

        return new ParameterCheck(complete, mistakes);
    }

    /// <summary>What is wrong with the rules of a parameter themselves; null for nothing.</summary>
    internal static string? Mistake(ServiceParameter parameter) => parameter switch
    {
        { Type: ParameterType.Choice, Choices: null or [] } => "a choice has words to choose from: of A|B|C",
        { Type: not ParameterType.Choice, Choices: not null } => "only a choice has words to choose from",
        { Type: ParameterType.Choice or ParameterType.Boolean, Min: not null } or { Type: ParameterType.Choice or ParameterType.Boolean, Max: not null } =>
            "min and max are for strings and numbers",
        { Type: ParameterType.Text, Min: < 0 } or { Type: ParameterType.Text, Max: < 0 } => "a string has no less than 0 characters",
        { Min: { } min, Max: { } max } when min > max => FormattableString.Invariant($"min {min} is more than max {max}"),
        { Choices: { } choices } when choices.Any(string.IsNullOrEmpty) => "an empty word is no choice",
        { Choices: { } choices } when choices.Distinct(StringComparer.Ordinal).Count() < choices.Count => "a word is there twice",
        { Default: { Length: 0 } } => "a default has at least one character: a call cannot have an empty argument",
        { Default: not null, Optional: false } => "what has a default is optional",
        { Default: { } value } when MistakeIn(parameter, Strict.GetBytes(value)) is { } wrong => "its default does not keep to its rules: " + wrong,
        _ => null,
    };

    private static string? MistakeIn(ServiceParameter parameter, byte[] argument)
    {
        string text;
        try
        {
            text = Strict.GetString(argument);
        }
        catch (DecoderFallbackException)
        {
            return "it is not UTF-8";
        }

        bool isRight = parameter.Type switch
        {
            ParameterType.Text => IsWithin(parameter, new StringInfo(text).LengthInTextElements),
            ParameterType.Integer => decimal.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out decimal whole)
                && IsWithin(parameter, whole),
            ParameterType.Number => IsNumber(parameter, text),
            ParameterType.Boolean => text is "true" or "false",
            _ => parameter.Choices!.Contains(text, StringComparer.Ordinal),
        };
        return isRight ? null : $"\"{Shorten(text)}\" is not allowed; {Allowed(parameter)} is";
    }

    private static bool IsNumber(ServiceParameter parameter, string text)
    {
        const NumberStyles Style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        return double.TryParse(text, Style, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number)
            && !(number < (double?)parameter.Min) && !(number > (double?)parameter.Max);
    }

    private static bool IsWithin(ServiceParameter parameter, decimal value) => !(value < parameter.Min) && !(value > parameter.Max);

    private static string Allowed(ServiceParameter parameter)
    {
        string range = FormattableString.Invariant((parameter.Min, parameter.Max) switch
        {
            ({ } min, { } max) => $"{min} to {max}",
            ({ } min, null) => $"{min} or more",
            (null, { } max) => $"at most {max}",
            _ => $"",
        });
        return parameter.Type switch
        {
            ParameterType.Text => range.Length == 0 ? "any text" : $"a text of {range} characters",
            ParameterType.Integer => range.Length == 0 ? "a whole number" : $"a whole number, {range},",
            ParameterType.Number => range.Length == 0 ? "a number" : $"a number, {range},",
            ParameterType.Boolean => "true or false",
            _ => "one of " + string.Join(", ", parameter.Choices!),
        };
    }

    private static string Shorten(string text) => text.Length <= 80 ? text : text[..80] + "...";

    private static void Add(List<ParameterMistake> mistakes, ServiceParameter parameter, string? text)
    {
        if (text is not null)
        {
            mistakes.Add(new ParameterMistake(parameter.Name, text));
        }
    }
}
