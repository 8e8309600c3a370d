namespace Kuid.TestKit.Contract;

/// <summary>One way in which a value or an answer is not what the contract says.</summary>
/// <param name="Where">A JSON Pointer into the body (empty for the whole), or <c>status</c>, <c>content type</c>, <c>header NAME</c>.</param>
/// <param name="Expected">What the contract says.</param>
/// <param name="Got">What was there.</param>
public sealed record Violation(string Where, string Expected, string Got)
{
    /// <inheritdoc/>
    public override string ToString() => $"{(Where.Length == 0 ? "the body" : Where)}: expected {Expected}, got {Got}";
}

/// <summary>An answer broke the contract.</summary>
public sealed class ContractViolationException : Exception
{
    /// <summary>Says everything that is wrong with one answer.</summary>
    /// <param name="subject">The operation, or the request that asks for none.</param>
    /// <param name="status">The status of the answer.</param>
    /// <param name="violations">What is wrong.</param>
    public ContractViolationException(string subject, int status, IReadOnlyList<Violation> violations)
        : base($"{subject} answered {status} against openapi.yaml:\n  {string.Join("\n  ", violations)}") => Violations = violations;

    /// <summary>What is wrong.</summary>
    public IReadOnlyList<Violation> Violations { get; }
}
