using System.Collections;

namespace Kuid.Jobd.Checking;

/// <summary>
/// <c>--check-config</c>: everything that is wrong with options, files and folders, rather than the first thing, and nothing is
/// opened, locked, made or changed. What only shows when it is tried (a port in use, another daemon's folder) is not looked at.
/// </summary>
internal static class ConfigurationCheck
{
    /// <summary>Looks, and prints a line for each finding to stderr and a last one to stdout.</summary>
    /// <returns>The exit code: <see cref="ExitCode.Ok"/>, or <see cref="ExitCode.Problems"/>.</returns>
    internal static int Run(IReadOnlyDictionary<OptionDefinition, string> words, IDictionary variables)
    {
        Findings findings = Find(words, variables);
        foreach (string warning in findings.Warnings)
        {
            Console.Error.WriteLine($"kuid-jobd: warning: {warning}");
        }

        foreach (string problem in findings.Problems)
        {
            Console.Error.WriteLine($"kuid-jobd: {problem}");
        }

        Console.Out.WriteLine(findings.Problems.Count switch
        {
            0 => "the configuration is good",
            1 => "the configuration has a problem",
            var n => $"the configuration has {n} problems",
        });
        return findings.Problems.Count == 0 ? ExitCode.Ok : ExitCode.Problems;
    }

    internal static Findings Find(IReadOnlyDictionary<OptionDefinition, string> words, IDictionary variables)
    {
        var findings = new Findings();
        DaemonOptions options = CommandLine.Resolve(
            words, variables, name => findings.Warn($"the environment variable {name} is no option and has no effect"), findings);
        FolderCheck.Look(options, findings);
        SocketCheck.Look(options, findings);
        FileCheck.Look(options, findings);
        IsolationCheck.Look(options, findings);
        return findings;
    }
}
