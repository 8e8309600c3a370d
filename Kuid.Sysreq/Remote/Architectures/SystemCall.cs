namespace Kuid.Sysreq.Remote;

/// <summary>A system call of one architecture.</summary>
public readonly record struct SystemCall(string Name, long Number);
