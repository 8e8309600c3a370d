using Microsoft.OpenApi;

namespace Kuid.TestKit.Contract;

/// <summary>One operation of the contract.</summary>
/// <param name="Method">Its method.</param>
/// <param name="Path">Its path with the parameters in braces: <c>/v1/jobs/{id}</c>.</param>
/// <param name="Definition">What the contract says of it: id, parameters, body, responses.</param>
public sealed record ContractOperation(HttpMethod Method, string Path, OpenApiOperation Definition)
{
    private readonly string[] _segments = Path.Split('/');

    /// <summary>Its operationId.</summary>
    public string Id { get; } = Definition.OperationId ?? throw new FormatException($"{Method} {Path} has no operationId");

    /// <summary>The parameters that it has from its path.</summary>
    public IReadOnlyList<IOpenApiParameter> PathParameters { get; init; } = [];

    /// <summary>The statuses that it documents.</summary>
    public IReadOnlyList<int> Statuses { get; } =
        [.. (Definition.Responses ?? []).Keys.Select(status => int.Parse(status, System.Globalization.CultureInfo.InvariantCulture))];

    /// <summary>How many of its path's segments are parameters.</summary>
    internal int Parameters => _segments.Count(IsParameter);

    /// <summary>What it documents for a status; null when it does not document it.</summary>
    public IOpenApiResponse? Response(int status) =>
        Definition.Responses?.GetValueOrDefault(status.ToString(System.Globalization.CultureInfo.InvariantCulture));

    /// <summary>Whether a path, without its query, is one of this operation's.</summary>
    public bool Serves(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        string[] segments = path.Split('/');
        return segments.Length == _segments.Length
            && segments.Zip(_segments).All(pair => IsParameter(pair.Second) ? pair.First.Length > 0 : pair.First == pair.Second);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Id} ({Method} {Path})";

    private static bool IsParameter(string segment) => segment.StartsWith('{') && segment.EndsWith('}');
}
