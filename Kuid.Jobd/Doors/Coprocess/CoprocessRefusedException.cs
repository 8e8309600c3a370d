namespace Kuid.Jobd.Doors.Coprocess;

/// <summary>A request that is answered with an error and changes nothing; the connection goes on.</summary>
/// <param name="message">What was wrong and what is allowed, as the client reads it.</param>
internal sealed class CoprocessRefusedException(string message) : Exception(message);
