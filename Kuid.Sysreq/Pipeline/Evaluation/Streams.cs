namespace Kuid.Sysreq.Pipeline.Evaluation;

/// <summary>Where a command's rows and errors go and where its input comes from, as descriptors 1, 2 and 0 are for a process.</summary>
/// <param name="Output">Gets its rows.</param>
/// <param name="Errors">Gets its errors, and nothing else of what a sink can get.</param>
/// <param name="Input">What comes from the stage before or from a redirection; null when nothing does.</param>
internal sealed record Streams(IResultSink Output, IResultSink Errors, SharedInput? Input);
