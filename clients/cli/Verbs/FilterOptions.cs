using System.CommandLine;
using Kuid.Cli.Api;
using Kuid.Cli.Completions;

namespace Kuid.Cli.Verbs;

/// <summary>The options that say which jobs are meant; their names are those of the daemon's filters.</summary>
internal sealed class FilterOptions
{
    private static readonly string[] Kinds = ["shell", "argv", "pipeline", "callback", "service", "eval"];
    private static readonly string[] Origins = ["sockproc", "http", "coprocess", "service", "schedule", "callback"];

    private readonly Option<string?> _state = new("--state")
    {
        Description = $"Only these, separated by commas: {string.Join(", ", JobState.All)}.",
        HelpName = "STATES",
    };

    private readonly Option<string?> _queue = new("--queue") { Description = "Only those of this queue.", HelpName = "QUEUE" };
    private readonly Option<string[]> _label = new("--label")
    {
        Description = "Only those with this label, or with any value of it; repeatable, all of them.",
        HelpName = "K[=V]",
    };

    private readonly Option<string?> _kind = new("--kind") { Description = $"Only those of a kind: {string.Join(", ", Kinds)}.", HelpName = "KIND" };
    private readonly Option<string?> _origin = new("--origin")
    {
        Description = $"Only those that came in by a door: {string.Join(", ", Origins)}.",
        HelpName = "DOOR",
    };

    private readonly Option<string?> _service = new("--service") { Description = "Only those of this service.", HelpName = "NAME" };
    private readonly Option<string?> _q = new("--q") { Description = "Only those with this text in command or name.", HelpName = "TEXT" };
    private readonly Option<string?> _createdAfter = new("--created-after") { Description = "Only those created after this.", HelpName = "TIME" };
    private readonly Option<string?> _createdBefore = new("--created-before") { Description = "Only those created before this.", HelpName = "TIME" };

    internal FilterOptions()
    {
        _state.CompletionSources.Add(JobState.All);
        _kind.CompletionSources.Add(Kinds);
        _origin.CompletionSources.Add(Origins);
        _queue.CompletionSources.Add(Candidates.Queues);
    }

    /// <summary>Adds them to a verb.</summary>
    internal void AddTo(Command verb)
    {
        foreach (Option option in new Option[] { _state, _queue, _label, _kind, _origin, _service, _q, _createdAfter, _createdBefore })
        {
            verb.Options.Add(option);
        }
    }

    /// <summary>Reads them.</summary>
    /// <exception cref="UsageException">One makes no sense.</exception>
    internal JobFilter Read(ParseResult words)
    {
        var members = new List<KeyValuePair<string, IReadOnlyList<string>>>();
        Add("state", ReadStates(words.GetValue(_state)));
        Add("queue", words.GetValue(_queue));
        Add("kind", Operands.ReadWord("--kind", words.GetValue(_kind), Kinds));
        Add("origin", Operands.ReadWord("--origin", words.GetValue(_origin), Origins));
        Add("service", words.GetValue(_service));
        Add("q", words.GetValue(_q));
        Add("createdAfter", Time("--created-after", words.GetValue(_createdAfter)));
        Add("createdBefore", Time("--created-before", words.GetValue(_createdBefore)));
        if (words.GetValue(_label) is { Length: > 0 } labels)
        {
            members.Add(KeyValuePair.Create<string, IReadOnlyList<string>>("label", labels));
        }

        return new JobFilter(members);

        void Add(string name, params string?[]? values)
        {
            if (values is [not null, ..])
            {
                members.Add(KeyValuePair.Create<string, IReadOnlyList<string>>(name, [.. values.OfType<string>()]));
            }
        }
    }

    private static string? Time(string option, string? text) => Quantity.ReadTime(option, text) is { } time ? Quantity.Rfc3339(time) : null;

    private static string[]? ReadStates(string? states)
    {
        string[]? words = states?.Split(',', StringSplitOptions.TrimEntries);
        foreach (string word in words ?? [])
        {
            _ = Operands.ReadWord("--state", word, JobState.All);
        }

        return words;
    }
}
