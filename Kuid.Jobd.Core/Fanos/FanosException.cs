namespace Kuid.Jobd.Core.Fanos;

/// <summary>Bytes that are no message. Where the next one would begin is not known, so the connection is of no more use.</summary>
/// <param name="message">What is wrong with them.</param>
public sealed class FanosException(string message) : IOException(message);
