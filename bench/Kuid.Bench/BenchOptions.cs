using System.CommandLine;
using System.CommandLine.Parsing;

namespace Kuid.Bench;

/// <summary>What the command line says.</summary>
internal sealed record BenchOptions
{
    /// <summary>How often each contender of a case is measured.</summary>
    internal required int Rounds { get; init; }

    /// <summary>The names of the cases to run; empty for all.</summary>
    internal required IReadOnlyList<string> Cases { get; init; }

    /// <summary>The original's binary; null when there is none.</summary>
    internal required string? Sockproc { get; init; }

    /// <summary>The kuid-jobd to measure; kuid-sysreqd is taken from beside it.</summary>
    internal required string Daemon { get; init; }

    /// <summary>Where the report goes.</summary>
    internal required string Results { get; init; }

    /// <summary>Where the temporary folder is made; null for TMPDIR.</summary>
    internal required string? Folder { get; init; }

    /// <summary>The folder of the project.</summary>
    internal static string Root { get; } = FindRoot();

    /// <summary>The command, which hands the options to an action.</summary>
    internal static RootCommand Command(IReadOnlyList<string> cases, Func<BenchOptions, Task<int>> action)
    {
        var rounds = new Option<int>("--rounds")
        {
            Description = "How often each contender of a case is measured.",
            HelpName = "N",
            DefaultValueFactory = _ => 5,
        };
        rounds.Validators.Add(result => Require(result, result.GetValueOrDefault<int>() >= 1, "--rounds is at least 1"));
        var names = new Option<string[]>("--case")
        {
            Description = $"Only these cases: the table is printed and no file written. There are {string.Join(", ", cases)}.",
            HelpName = "NAME...",
            AllowMultipleArgumentsPerToken = true,
        };
        names.AcceptOnlyFromAmong([.. cases]);
        var sockproc = new Option<string?>("--sockproc") { HelpName = "FILE", Description = "The original's binary. Without it nothing is compared with it." };
        var daemon = new Option<string>("--daemon")
        {
            HelpName = "FILE",
            Description = "The kuid-jobd to measure, with kuid-sysreqd beside it.",
            DefaultValueFactory = _ => Path.Combine(Root, "bin", "kuid-jobd"),
        };
        var results = new Option<string>("--results")
        {
            HelpName = "FILE",
            Description = "The file for the report.",
            DefaultValueFactory = _ => Path.Combine(Root, "bench", "RESULTS.md"),
        };
        var folder = new Option<string?>("--folder") { HelpName = "DIR", Description = "Where data folders are made; on a real disk. Default: TMPDIR." };
        var command = new RootCommand("Measures kuid-jobd beside the original sockproc, beside webhook and beside the machine's limit.")
        {
            rounds, names, sockproc, daemon, results, folder,
        };
        command.SetAction((words, _) => action(new BenchOptions
        {
            Rounds = words.GetValue(rounds),
            Cases = words.GetValue(names) ?? [],
            Sockproc = words.GetValue(sockproc),
            Daemon = words.GetValue(daemon)!,
            Results = words.GetValue(results)!,
            Folder = words.GetValue(folder),
        }));
        return command;
    }

    private static void Require(OptionResult result, bool holds, string message)
    {
        if (!holds)
        {
            result.AddError(message);
        }
    }

    private static string FindRoot()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Kuid.slnx")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? Environment.CurrentDirectory;
    }
}
