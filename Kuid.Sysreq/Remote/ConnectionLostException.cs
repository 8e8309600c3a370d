namespace Kuid.Sysreq.Remote;

/// <summary>Holds the place.</summary>
public sealed class ConnectionLostException : IOException;
