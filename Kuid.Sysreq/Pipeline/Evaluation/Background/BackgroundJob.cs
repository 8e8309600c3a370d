namespace Kuid.Sysreq.Pipeline.Evaluation;

/// <summary>A command that runs beside the script.</summary>
/// <param name="Id">Its number in the session.</param>
/// <param name="Source">How it was written.</param>
/// <param name="Output">What it has given so far.</param>
/// <param name="Completion">Gives its status; it never fails.</param>
internal sealed record BackgroundJob(int Id, string Source, QueuedSink Output, Task<int> Completion);
