namespace Kuid.Jobd.Core.Coprocess;

/// <summary>A shell that does not start, or a text that it has not begun to evaluate.</summary>
/// <param name="message">What is wrong, for the client.</param>
public sealed class CoprocessShellException(string message) : IOException(message);
