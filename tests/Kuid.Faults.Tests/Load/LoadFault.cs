namespace Kuid.Faults.Tests.Load;

/// <summary>An answer that is wrong whatever else goes on: other bytes, another status, none in time.</summary>
public sealed class WrongAnswerException(string message) : Exception(message);

/// <summary>A refusal in the words of the door. It is right while something is in the way, and wrong otherwise.</summary>
public sealed class RefusedException(string message) : Exception(message);
