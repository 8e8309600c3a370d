namespace Kuid.Bench.Cases;

/// <summary>Every case, in the order of the table.</summary>
internal static class CaseList
{
    internal static IReadOnlyList<ICase> All { get; } =
    [
        new TrueCase(),
        new UnameCase(),
        new SingleCase(),
        new StdoutCase(),
        new StdinCase(),
        new ManyJobsCase(),
        new ExecCase(),
        new SubmitCase(),
        new HistoryCase(),
        new IdleCase(),
        new StartCase(),
        new SysreqCase(),
        new LinkCase(),
    ];
}
