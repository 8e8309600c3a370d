namespace Kuid.Bench;

/// <summary>What every case works with.</summary>
internal sealed class Workbench(BenchOptions options, Scratch scratch)
{
    private readonly List<string> _notes = [];

    /// <summary>Why there is nothing to compare with.</summary>
    internal const string NoSockproc = "SOCKPROC does not name the original's binary";

    /// <summary>The command line.</summary>
    internal BenchOptions Options { get; } = options;

    /// <summary>Where data folders, sockets and logs are.</summary>
    internal Scratch Scratch { get; } = scratch;

    /// <summary>What is to be said below the table.</summary>
    internal IReadOnlyList<string> Notes => _notes;

    /// <summary>Adds a sentence to the report.</summary>
    internal void Note(string sentence) => _notes.Add(sentence);

    /// <summary>Says something to whoever waits.</summary>
    internal static void Say(string line) => Console.Error.WriteLine("bench: " + line);
}
