namespace Kuid.Cli.Streams;

/// <summary>Whoever read kuid's output has gone, as <c>head</c> does: the end, and nothing to complain about.</summary>
internal sealed class ReaderGoneException() : Exception("nobody reads the output any more");
