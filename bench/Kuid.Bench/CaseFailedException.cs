namespace Kuid.Bench;

/// <summary>A case gave something wrong: a bad reply, a history that does not match, a daemon that does not answer. Its figures count nothing.</summary>
internal sealed class CaseFailedException(string message) : Exception(message);

/// <summary>A case could not be run here: something that it needs is not there.</summary>
internal sealed class NotRunException(string message) : Exception(message);
