using System.Text;
using Kuid.Cli.Printing;
using Kuid.Cli.Streams;

namespace Kuid.Cli;

/// <summary>What kuid says to people: on standard error, one line at a time.</summary>
internal static class Talk
{
    /// <summary>Says a sentence.</summary>
    internal static void Line(string sentence)
    {
        try
        {
            Descriptor.Write(Descriptor.Stderr, Encoding.UTF8.GetBytes($"{ProgressLine.Prelude}kuid: {Visible.Of(sentence)}\n"));
        }
        catch (Exception e) when (e is ReaderGoneException or FailureException)
        {
            // There is nobody left to tell.
        }
    }
}
