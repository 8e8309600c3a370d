using Microsoft.OpenApi;

namespace Kuid.ContractChanges;

/// <summary>
/// Compares two contracts. A change breaks when a program written for the older one, by hand or generated, can fail with the newer: what
/// it sends is refused, or what it gets is not what it was promised.
/// </summary>
/// <remarks>
/// Requests may become freer and answers more certain. Error answers may come and go, because every client meets statuses that it does
/// not know; a status below 400 may not, because generated clients take an unknown one for a failure.
/// </remarks>
public static class ContractComparison
{
    /// <summary>Everything that breaks, in the order of the older contract.</summary>
    public static IReadOnlyList<BreakingChange> Of(HttpContract older, HttpContract newer)
    {
        ArgumentNullException.ThrowIfNull(older);
        ArgumentNullException.ThrowIfNull(newer);
        return
        [
            .. from operation in older.Operations
               let now = newer.Operations.FirstOrDefault(o => o.Method == operation.Method && o.Path == operation.Path)
               from change in now is null ? [Gone(operation)] : Changes(operation, now)
               select change,
        ];
    }

    private static BreakingChange Gone(ContractOperation operation) => new($"{operation.Method} {operation.Path}", "the operation is gone");

    private static IEnumerable<BreakingChange> Changes(ContractOperation then, ContractOperation now)
    {
        string place = $"{then.Method} {then.Path}: ";
        IEnumerable<BreakingChange> id = then.Id == now.Id ? [] : [new(place + "operationId", $"{then.Id} is {now.Id} now")];
        return
        [
            .. id,
            .. Parameters(then, now, place),
            .. Body(then.Definition.RequestBody, now.Definition.RequestBody, place + "request"),
            .. Answers(then, now, place),
        ];
    }

    private static IEnumerable<BreakingChange> Parameters(ContractOperation then, ContractOperation now, string place)
    {
        List<IOpenApiParameter> before = ParametersOf(then);
        List<IOpenApiParameter> after = ParametersOf(now);
        foreach (IOpenApiParameter parameter in before)
        {
            string here = place + Name(parameter);
            IOpenApiParameter? same = after.Find(p => p.Name == parameter.Name && p.In == parameter.In);
            if (same is null)
            {
                yield return new(here, "the parameter is gone, and the daemon refuses those that it does not know");
                continue;
            }

            if (same.Required && !parameter.Required)
                yield return new(here, "the parameter is required now");

            foreach (BreakingChange change in new SchemaComparison(Direction.Request).Of(parameter.Schema, same.Schema, here))
                yield return change;
        }

        foreach (IOpenApiParameter parameter in after.Where(p => p.Required && !before.Exists(b => b.Name == p.Name && b.In == p.In)))
            yield return new(place + Name(parameter), "the parameter is new and required");
    }

    private static IEnumerable<BreakingChange> Body(IOpenApiRequestBody? then, IOpenApiRequestBody? now, string place)
    {
        if (now?.Required == true && then?.Required != true)
            yield return new(place, "a body is required now");

        foreach (BreakingChange change in Contents(then?.Content, now?.Content, Direction.Request, place))
            yield return change;
    }

    private static IEnumerable<BreakingChange> Answers(ContractOperation then, ContractOperation now, string place)
    {
        foreach (int status in then.Statuses.Where(status => status < 400 && !now.Statuses.Contains(status)))
            yield return new($"{place}{status}", "the answer is gone");

        foreach (int status in now.Statuses.Where(status => status < 400 && !then.Statuses.Contains(status)))
            yield return new($"{place}{status}", "the answer is new, and generated clients take it for a failure");

        foreach (int status in then.Statuses.Intersect(now.Statuses))
        {
            string here = $"{place}{status}";
            IOpenApiResponse before = then.Response(status)!;
            IOpenApiResponse after = now.Response(status)!;
            foreach (BreakingChange change in Headers(before, after, here).Concat(Contents(before.Content, after.Content, Direction.Answer, here)))
                yield return change;
        }
    }

    private static IEnumerable<BreakingChange> Headers(IOpenApiResponse then, IOpenApiResponse now, string place)
    {
        foreach ((string name, IOpenApiHeader header) in then.Headers ?? new Dictionary<string, IOpenApiHeader>(StringComparer.Ordinal))
        {
            string here = $"{place} {name}";
            if (now.Headers is null || !now.Headers.TryGetValue(name, out IOpenApiHeader? same))
            {
                yield return new(here, "the header is gone");
                continue;
            }

            if (header.Required && !same.Required)
                yield return new(here, "the header is not always there any more");

            foreach (BreakingChange change in new SchemaComparison(Direction.Answer).Of(header.Schema, same.Schema, here))
                yield return change;
        }
    }

    private static IEnumerable<BreakingChange> Contents(
        IDictionary<string, OpenApiMediaType>? then, IDictionary<string, OpenApiMediaType>? now, Direction direction, string place)
    {
        foreach ((string type, OpenApiMediaType content) in then ?? new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal))
        {
            IEnumerable<BreakingChange> changes = now is not null && now.TryGetValue(type, out OpenApiMediaType? same)
                ? new SchemaComparison(direction).Of(content.Schema, same.Schema, place)
                : [new(place, $"{type} is gone")];
            foreach (BreakingChange change in changes)
                yield return change;
        }
    }

    private static string Name(IOpenApiParameter parameter) => $"{$"{parameter.In}".ToLowerInvariant()} {parameter.Name}";

    // Those of the path are those of each of its operations.
    private static List<IOpenApiParameter> ParametersOf(ContractOperation operation) =>
        [.. operation.Definition.Parameters ?? [], .. operation.PathParameters];
}
