using System.CommandLine;
using Kuid.Cli.Manual;
using Kuid.Cli.Printing;

namespace Kuid.Cli.Verbs;

/// <summary>The hidden verb that prints the manual page, for the build.</summary>
internal static class ManualVerb
{
    /// <summary>The verb.</summary>
    internal static Verb Create(RootCommand root)
    {
        var verb = new Verb("__manual", "Print the manual page.") { Hidden = true };
        verb.SetAction(_ =>
        {
            Printer.Print(ManualPage.Of(root));
            return ExitCode.Ok;
        });
        return verb;
    }
}
