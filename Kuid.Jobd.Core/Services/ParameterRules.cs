using System.Globalization;
using System.Text;

namespace Kuid.Jobd.Core.Services;

/// <summary>
/// The rules of parameters as a services file writes them, <c>TYPE[, RULE]...</c>: <c>string, max 40</c>,
/// <c>choice, of a|b, default a</c>. What comes after <c>default</c>, which is the last rule, is the value with all its commas.
/// </summary>
public static class ParameterRules
{
    private const string Types = "string, integer, number, boolean or choice";
    private const string Rules = "min N, max N, of A|B|C, optional or default VALUE";

    /// <summary>Reads the rules of one parameter.</summary>
    /// <exception cref="FormatException">Names what is wrong, and what is allowed.</exception>
    public static ServiceParameter Parse(string name, string text)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(text);
        (string type, string? rest) = Cut(text);
        var parameter = new ServiceParameter(name, TypeOf(type));
        while (rest is not null)
        {
            if (rest.StartsWith("default ", StringComparison.Ordinal))
            {
                parameter = parameter with { Default = rest["default ".Length..].Trim(), Optional = true };
                break;
            }

            (string rule, rest) = Cut(rest);
            parameter = Apply(parameter, rule);
        }

        return ParameterCheck.Mistake(parameter) is { } mistake ? throw new FormatException(mistake) : parameter;
    }

    /// <summary>The rules of a parameter as text, which <see cref="Parse"/> reads.</summary>
    public static string Format(ServiceParameter parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        var text = new StringBuilder(WordOf(parameter.Type));
        if (parameter.Min is { } min)
        {
            text.Append(CultureInfo.InvariantCulture, $", min {min}");
        }

        if (parameter.Max is { } max)
        {
            text.Append(CultureInfo.InvariantCulture, $", max {max}");
        }

        if (parameter.Choices is { } choices)
        {
            text.Append(", of ").AppendJoin('|', choices);
        }

        text.Append(parameter.Default is { } value ? ", default " + value : parameter.Optional ? ", optional" : string.Empty);
        return text.ToString();
    }

    /// <summary>The first thing that is wrong with a list of parameters; null when nothing is.</summary>
    public static string? Mistake(IReadOnlyList<ServiceParameter> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        var names = new HashSet<string>(StringComparer.Ordinal);
        ServiceParameter? before = null;
        foreach (ServiceParameter parameter in parameters)
        {
            if (!ServiceName.IsValid(parameter.Name))
            {
                return $"the name \"{parameter.Name}\" of a parameter is not allowed: {ServiceName.Allowed}";
            }

            if (!names.Add(parameter.Name))
            {
                return $"{parameter.Name} is there twice";
            }

            if (ParameterCheck.Mistake(parameter) is { } mistake)
            {
                return $"{parameter.Name}: {mistake}";
            }

            if (before is { Optional: true } && !parameter.Optional)
            {
                return $"{parameter.Name} has to be given, and {before.Name} in front of it has not: those that are optional come last";
            }

            before = parameter;
        }

        return null;
    }

    /// <summary>Checks the arguments of a call.</summary>
    /// <param name="parameters">What the service declares; when that is nothing, any arguments are right.</param>
    public static ParameterCheck Check(IReadOnlyList<ServiceParameter> parameters, IReadOnlyList<byte[]> arguments) =>
        ParameterCheck.Of(parameters, arguments);

    internal static string WordOf(ParameterType type) => type switch
    {
        ParameterType.Integer => "integer",
        ParameterType.Number => "number",
        ParameterType.Boolean => "boolean",
        ParameterType.Choice => "choice",
        _ => "string",
    };

    private static ParameterType TypeOf(string word)
    {
        foreach (ParameterType type in Enum.GetValues<ParameterType>())
        {
            if (WordOf(type) == word)
            {
                return type;
            }
        }

        throw new FormatException($"\"{word}\" is no type of a parameter; {Types} is allowed");
    }

    private static ServiceParameter Apply(ServiceParameter parameter, string rule)
    {
        string[] words = rule.Split(' ', 2, StringSplitOptions.TrimEntries);
        return words switch
        {
            ["optional"] => parameter with { Optional = true },
            ["min", var least] => parameter with { Min = Number(rule, least) },
            ["max", var most] => parameter with { Max = Number(rule, most) },
            ["of", var choices] => parameter with { Choices = choices.Split('|', StringSplitOptions.TrimEntries) },
            _ => throw new FormatException($"\"{rule}\" is no rule of a parameter; {Rules} is allowed"),
        };
    }

    private static decimal Number(string rule, string text) =>
        decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal number)
            ? number
            : throw new FormatException($"\"{rule}\": a number is expected after the word");

    private static (string First, string? Remainder) Cut(string text)
    {
        int comma = text.IndexOf(',', StringComparison.Ordinal);
        return comma < 0 ? (text.Trim(), null) : (text[..comma].Trim(), text[(comma + 1)..].TrimStart());
    }
}
