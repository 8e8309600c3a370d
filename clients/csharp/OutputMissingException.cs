namespace Kuid.Client;

/// <summary>Bytes that were asked for have not been kept, so what follows would not be what the job wrote.</summary>
public sealed class OutputMissingException(string message) : Exception(message);
