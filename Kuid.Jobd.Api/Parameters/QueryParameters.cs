using System.Globalization;
using Kuid.Jobd.Api.Problems;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.Extensions.Primitives;

namespace Kuid.Jobd.Api.Parameters;

/// <summary>The query of a request, read as strictly as bodies are: a name that is not known is a mistake, and so is one that comes twice.</summary>
internal sealed class QueryParameters
{
    private readonly IQueryCollection _query;

    /// <summary>Takes a query.</summary>
    /// <param name="known">The parameters that the operation has.</param>
    /// <exception cref="ProblemException">It has another one.</exception>
    internal QueryParameters(IQueryCollection query, params string[] known)
    {
        _query = query;
        if (query.Keys.FirstOrDefault(name => !known.Contains(name, StringComparer.Ordinal)) is { } unknown)
        {
            throw ProblemException.Parameter(unknown, $"there is no such parameter here; there are {string.Join(", ", known)}");
        }
    }

    /// <summary>Whether there is none at all.</summary>
    internal bool IsEmpty => _query.Count == 0;

    /// <summary>Text that is not empty.</summary>
    internal string? Text(string name, int longest = int.MaxValue)
    {
        string? value = Single(name);
        return value is null || (value.Length > 0 && value.Length <= longest)
            ? value
            : throw ProblemException.Parameter(name, longest == int.MaxValue ? "it is empty" : $"1 to {longest} characters are allowed");
    }

    /// <summary>A whole number from zero, or another least.</summary>
    internal long? Whole(string name, long least = 0)
    {
        string? value = Single(name);
        return value is null
            ? null
            : long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out long number) && number >= least
                ? number
                : throw ProblemException.Parameter(name, $"a whole number from {least} is allowed");
    }

    /// <summary>Seconds from zero, with a fraction.</summary>
    internal TimeSpan? Seconds(string name, int most)
    {
        string? value = Single(name);
        return value is null
            ? null
            : double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double seconds) && seconds <= most
                ? TimeSpan.FromSeconds(seconds)
                : throw ProblemException.Parameter(name, $"0 to {most} seconds are allowed");
    }

    /// <summary><c>true</c> or <c>false</c>.</summary>
    internal bool Switch(string name) => Single(name) switch
    {
        null or "false" => false,
        "true" => true,
        _ => throw ProblemException.Parameter(name, "true or false is allowed"),
    };

    /// <summary>All values of a parameter that may be repeated.</summary>
    internal IReadOnlyList<string> All(string name) => [.. _query[name].Select(value => value ?? string.Empty)];

    /// <summary>A value that has to be read by somebody else.</summary>
    internal T? Read<T>(string name, Func<string, T?> read, string allowed)
        where T : struct
    {
        string? value = Single(name);
        return value is null ? null : read(value) ?? throw ProblemException.Parameter(name, allowed);
    }

    /// <summary>A query with another value of one parameter: the way to the next page.</summary>
    internal static string With(IQueryCollection query, string name, string value)
    {
        var next = new QueryBuilder();
        foreach ((string other, StringValues values) in query)
        {
            if (other != name)
            {
                next.Add(other, values.Select(each => each ?? string.Empty));
            }
        }

        next.Add(name, value);
        return next.ToString();
    }

    private string? Single(string name) => _query[name] switch
    {
        { Count: 0 } => null,
        { Count: 1 } only => only.ToString(),
        StringValues => throw ProblemException.Parameter(name, "it comes more than once"),
    };
}
