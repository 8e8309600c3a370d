using System.Text;
using Kuid.Cli.Streams;
using Kuid.Sysreq.Grammar;
using Kuid.Sysreq.Grammar.Tree;

namespace Kuid.Cli.Interaction;

/// <summary>Text to a script, or the complaint on standard error.</summary>
internal static class Source
{
    /// <summary>Parses it.</summary>
    /// <param name="name">The file that it is from, for the complaint; null for what was typed.</param>
    /// <returns>The script; null when it is none, which has been said with the line and a caret below the place.</returns>
    internal static Script? Parse(string text, string? name = null)
    {
        try
        {
            return ScriptParser.Parse(text);
        }
        catch (SyntaxException e)
        {
            Descriptor.Write(Descriptor.Stderr, Encoding.UTF8.GetBytes($"kuid: {(name is null ? string.Empty : name + ":")}{e.Render()}\n"));
            return null;
        }
    }

    /// <summary>Whether it is a script, or none that more lines could make one.</summary>
    internal static bool IsComplete(string text)
    {
        try
        {
            _ = ScriptParser.Parse(text);
            return true;
        }
        catch (SyntaxException e)
        {
            return !e.IsIncomplete;
        }
    }
}
