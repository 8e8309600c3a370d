using System.Buffers;
using Kuid.Jobd.Core.Jobs;

namespace Kuid.Jobd.Core.Services;

/// <summary>
/// What callers of a service, and the superserver, know of it. The program behind it is the subserver's alone: its path goes
/// nowhere.
/// </summary>
public sealed record ServiceDefinition
{
    /// <summary>The longest description, in characters.</summary>
    public const int MaxDescription = 1000;

    /// <summary>How many names of variables, and how many parameters, it may have.</summary>
    public const int MaxList = 100;

    private static readonly SearchValues<char> VariableCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_");

    /// <summary>Its name; <see cref="ServiceName"/> says what is allowed.</summary>
    public required string Name { get; init; }

    /// <summary>What it is for, in a line; null for nothing said.</summary>
    public string? Description { get; init; }

    /// <summary>Whether it runs on a terminal of its own; only a framed call does.</summary>
    public bool Pty { get; init; }

    /// <summary>Where its standard error goes.</summary>
    public StderrMode Stderr { get; init; }

    // What the JSON does not have, the generated reader sets to null here.

    /// <summary>The environment variables that a caller may set.</summary>
    public IReadOnlyList<string> Env { get; init => field = value ?? []; } = [];

    /// <summary>How many calls run at once, the others wait; null for any number.</summary>
    public int? Max { get; init; }

    /// <summary>How many seconds a call may run; null for ever.</summary>
    public double? TimeoutSeconds { get; init; }

    /// <summary>Its arguments in their order; when there is none, a call may have any.</summary>
    public IReadOnlyList<ServiceParameter> Parameters { get; init => field = value ?? []; } = [];

    /// <summary>Whether a variable can be called so.</summary>
    public static bool IsVariableName(ReadOnlySpan<char> name) =>
        !name.IsEmpty && !char.IsAsciiDigit(name[0]) && !name.ContainsAnyExcept(VariableCharacters);

    /// <summary>The first thing that is wrong with it, and what is allowed; null when nothing is.</summary>
    public string? Mistake()
    {
        if (!ServiceName.IsValid(Name))
        {
            return $"the name \"{Name}\" is not allowed: {ServiceName.Allowed}";
        }

        if (Description is { } text && (text.Length > MaxDescription || text.AsSpan().ContainsAny('\r', '\n', '\0')))
        {
            return $"{Name}: a description is one line of at most {MaxDescription} characters";
        }

        if (Env.FirstOrDefault(name => !IsVariableName(name)) is { } variable)
        {
            return $"{Name}: env: \"{variable}\" is no name of a variable: letters, digits and _ are, and no digit comes first";
        }

        if (Max < 1)
        {
            return $"{Name}: max is {Max}; 1 and more are allowed";
        }

        if (TimeoutSeconds is { } seconds && !(seconds > 0 && seconds <= JobSpec.LongestTime.TotalSeconds))
        {
            return FormattableString.Invariant(
                $"{Name}: timeoutSeconds is {seconds}; more than 0 and up to {JobSpec.LongestTime.TotalSeconds} is allowed");
        }

        return Env.Count > MaxList || Parameters.Count > MaxList
            ? $"{Name}: at most {MaxList} variables and as many parameters are allowed"
            : ParameterRules.Mistake(Parameters) is { } mistake ? $"{Name}: {mistake}" : null;
    }
}
