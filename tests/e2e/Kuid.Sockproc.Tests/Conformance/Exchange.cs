namespace Kuid.Sockproc.Tests.Conformance;

// One file of tests/conformance; its README.md explains the format.
internal sealed record Exchange(byte[] Request, bool HalfClose, byte[] Reply)
{
    private const string Suffix = ".exchange";

    private static string Root => Repository.File("tests/conformance");

    // "refused/no-count" and so on: the folder and the name.
    internal static IEnumerable<string> Names(string folder) =>
        Directory.EnumerateFiles(Path.Combine(Root, folder), "*" + Suffix)
            .Select(path => $"{folder}/{Path.GetFileNameWithoutExtension(path)}")
            .Order(StringComparer.Ordinal);

    internal static Exchange Load(string name)
    {
        List<byte> request = [], reply = [];
        bool end = false;
        foreach (string line in File.ReadLines(Path.Combine(Root, name + Suffix)))
        {
            switch (line.Split(' ', 2))
            {
                case ["#", _]:
                    break;
                case ["send", string text]:
                    request.AddRange(ExchangeText.Decode(text));
                    break;
                case ["reply", string text]:
                    reply.AddRange(ExchangeText.Decode(text));
                    break;
                case ["end"]:
                    end = true;
                    break;
                default:
                    throw new FormatException($"{name}: {line}");
            }
        }

        return reply.Count > 0 ? new Exchange([.. request], end, [.. reply]) : throw new FormatException($"{name} has no reply");
    }
}
