namespace Kuid.Sysreqd.Tests.Transcripts;

// One line of a transcript; tests/conformance/README.md says what each means.
internal abstract record Step
{
    internal sealed record Request(IReadOnlyList<string> Values) : Step;

    internal sealed record Send(string Text) : Step;

    internal sealed record Reply(IReadOnlyList<string> Values) : Step;

    internal sealed record Receive(IReadOnlyList<string> Pieces) : Step;

    internal sealed record End : Step;

    internal static IEnumerable<Step> Load(string path)
    {
        List<string> shuffled = [];
        foreach (string line in File.ReadLines(path))
        {
            string[] words = line.Split(' ', 2);
            if (words[0] == "shuffled")
            {
                shuffled.Add(words[1]);
                continue;
            }

            if (shuffled.Count > 0)
            {
                yield return new Receive(shuffled);
                shuffled = [];
            }

            Step? step = words switch
            {
                ["#", _] => null,
                ["request", string values] => new Request(values.Split(' ')),
                ["send", string text] => new Send(text),
                ["reply", string value] => new Reply([value]),
                ["replies", string values] => new Reply(values.Split(' ')),
                ["receive", string text] => new Receive([text]),
                ["end"] => new End(),
                _ => throw new FormatException($"{path}: {line}"),
            };
            if (step is not null)
            {
                yield return step;
            }
        }
    }
}
