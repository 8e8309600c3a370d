using Kuid.ContractChanges;

// Kuid.ContractChanges OLDER NEWER: prints what breaks, a line each. 0: nothing, or the newer contract's major version is higher and may
// break; 1: something; 2: wrong use or no contracts.
if (args.Length != 2)
{
    await Console.Error.WriteLineAsync("usage: Kuid.ContractChanges OLDER NEWER");
    return 2;
}

try
{
    HttpContract older = HttpContract.Read(await File.ReadAllTextAsync(args[0]));
    HttpContract newer = HttpContract.Read(await File.ReadAllTextAsync(args[1]));
    IReadOnlyList<BreakingChange> changes = ContractComparison.Of(older, newer);
    foreach (BreakingChange change in changes)
        await Console.Out.WriteLineAsync(change.ToString());

    return changes.Count == 0 || newer.MajorVersion > older.MajorVersion ? 0 : 1;
}
catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
{
    await Console.Error.WriteLineAsync(e.Message);
    return 2;
}
