using Kuid.Jobd.Api.Problems;

namespace Kuid.Jobd.Api.Parameters;

/// <summary>Which bytes of an output are asked for by the query.</summary>
/// <param name="Offset">The first; null for the first of all, or <see cref="Tail"/>'s.</param>
/// <param name="Limit">How many at most; null for all.</param>
/// <param name="Tail">How many before the end to begin; null for none.</param>
/// <param name="Follow">Whether to go on with what is to come.</param>
internal readonly record struct OutputRequest(long? Offset, long? Limit, long? Tail, bool Follow)
{
    /// <summary>What a query says.</summary>
    /// <exception cref="ProblemException">It says what cannot be.</exception>
    internal static OutputRequest Of(QueryParameters query)
    {
        var request = new OutputRequest(query.Whole("offset"), query.Whole("limit"), query.Whole("tail"), query.Switch("follow"));
        return request is { Offset: not null, Tail: not null }
            ? throw ProblemException.Parameter("tail", "it cannot be combined with offset")
            : request;
    }

    /// <summary>The first byte and the one after the last, where there are so many and some of them were dropped.</summary>
    /// <returns>The end may lie beyond what there is.</returns>
    internal (long Start, long End) Within(long length, (long Start, long End) gap)
    {
        long start = Tail is { } tail ? Math.Max(0, length - tail) : Offset ?? 0;
        if (start >= gap.Start && start < gap.End)
        {
            start = gap.End;
        }

        return (start, Limit is { } limit && limit < long.MaxValue - start ? start + limit : long.MaxValue);
    }
}
