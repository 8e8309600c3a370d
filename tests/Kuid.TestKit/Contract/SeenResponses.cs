using System.Collections.Concurrent;

namespace Kuid.TestKit.Contract;

/// <summary>The answers that kept the contract, of all <see cref="ContractHandler"/>s of this process together.</summary>
public static class SeenResponses
{
    private static readonly ConcurrentDictionary<(string OperationId, int Status), bool> Seen = new();

    /// <summary>Each operation and status of which an answer has been seen.</summary>
    public static IReadOnlyCollection<(string OperationId, int Status)> All => [.. Seen.Keys];

    /// <summary>What a contract documents and nobody has seen.</summary>
    public static IReadOnlyList<(string OperationId, int Status)> Missing(HttpContract contract)
    {
        ArgumentNullException.ThrowIfNull(contract);
        return [.. from operation in contract.Operations
                   from status in operation.Statuses
                   where !Seen.ContainsKey((operation.Id, status))
                   select (operation.Id, status)];
    }

    internal static void Add(string operationId, int status) => Seen[(operationId, status)] = true;
}
