using System.Security.Cryptography;

namespace Kuid.Jobd.Api;

/// <summary>The contract that this door keeps, <c>openapi.yaml</c>, as it was when it was built.</summary>
internal static class Contract
{
    private const string Resource = "openapi.yaml";

    /// <summary>The file, byte for byte.</summary>
    internal static byte[] Bytes { get; } = Load();

    /// <summary>Its <c>info.version</c>.</summary>
    internal static string Version { get; } = VersionOf(Bytes);

    /// <summary>Names its content.</summary>
    internal static string Tag { get; } = $"\"{Convert.ToHexStringLower(SHA256.HashData(Bytes))}\"";

    private static byte[] Load()
    {
        using Stream stream = typeof(Contract).Assembly.GetManifestResourceStream(Resource)!;
        byte[] bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    // The first member "version" of the file is that of info; a YAML reader for one word would cost more than the whole file.
    private static string VersionOf(byte[] bytes)
    {
        const string Member = "  version: ";
        using var lines = new StringReader(System.Text.Encoding.UTF8.GetString(bytes));
        while (lines.ReadLine() is { } line)
        {
            if (line.StartsWith(Member, StringComparison.Ordinal))
            {
                return line[Member.Length..].Trim('"');
            }
        }

        throw new InvalidDataException($"{Resource} has no info.version.");
    }
}
