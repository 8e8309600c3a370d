namespace Kuid.ContractChanges;

/// <summary>One change that a client of the older contract would notice.</summary>
/// <param name="Place">The operation and where in it: <c>POST /v1/jobs: request/priority</c>.</param>
/// <param name="What">What has become of it.</param>
public sealed record BreakingChange(string Place, string What)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Place}: {What}";
}
