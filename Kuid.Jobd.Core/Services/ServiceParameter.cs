namespace Kuid.Jobd.Core.Services;

/// <summary>One argument of a service: what it is called and what it may be. <see cref="ParameterRules"/> reads and checks it.</summary>
/// <param name="Name">Its name, for those who give arguments by name; the program gets them in the order of the list.</param>
/// <param name="Type">What its value is.</param>
public sealed record ServiceParameter(string Name, ParameterType Type)
{
    /// <summary>The fewest characters of a text, the least value of a number; null for any.</summary>
    public decimal? Min { get; init; }

    /// <summary>The most characters of a text, the greatest value of a number; null for any.</summary>
    public decimal? Max { get; init; }

    /// <summary>The words of a choice; null for the others.</summary>
    public IReadOnlyList<string>? Choices { get; init; }

    /// <summary>Whether it may be left out.</summary>
    public bool Optional { get; init; }

    /// <summary>What it is when it is left out; null when there is no argument then.</summary>
    public string? Default { get; init; }
}
