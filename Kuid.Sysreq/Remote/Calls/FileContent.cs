namespace Kuid.Sysreq.Remote;

/// <summary>One file of many that were read together.</summary>
/// <param name="Path">The path as it was asked for.</param>
/// <param name="Bytes">What was read; empty after an error.</param>
/// <param name="Truncated">Whether the file may go on after these bytes: the limit was reached.</param>
/// <param name="Error">Why it could not be read, else null.</param>
public sealed record FileContent(ByteString Path, ReadOnlyMemory<byte> Bytes, bool Truncated, SysreqException? Error);
