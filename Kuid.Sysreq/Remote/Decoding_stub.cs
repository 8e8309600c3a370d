namespace Kuid.Sysreq.Remote;

/// <summary>Bytes of a server to values, or an error.</summary>
public static class ReplyDecoder;
