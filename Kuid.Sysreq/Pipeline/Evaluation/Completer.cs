using System.Buffers;
using System.Text;
using Kuid.Sysreq.Grammar;
using Kuid.Sysreq.Grammar.Tree;
using Kuid.Sysreq.Pipeline.Commands;
using Kuid.Sysreq.Pipeline.Evaluation.Expansion;
using Kuid.Sysreq.Remote;

namespace Kuid.Sysreq.Pipeline.Evaluation;

/// <summary>Completes what a prompt has so far. Nothing is run for it; directories are listed.</summary>
internal sealed class Completer(Shell shell, CancellationToken cancellation)
{
    /// <summary>How many entries of a directory are looked at.</summary>
    private const int MaxEntries = 10_000;

    /// <summary>What needs a backslash before it in a name.</summary>
    private const string Special = " '\"\\$`*?[]{}()<>|&;#!~=";

    private static readonly SearchValues<char> Expanding = SearchValues.Create("'\"$`*?[");

    /// <summary>What can stand there.</summary>
    public async Task<Completions> CompleteAsync(CompletionContext context)
    {
        IEnumerable<string> texts = context.Kind switch
        {
            CompletionKind.Command => CommandTable.All.Select(command => command.Name).Concat(shell.Functions.Keys),
            CompletionKind.Variable => shell.Variables.All.Select(variable => variable.Key),
            CompletionKind.Column => Columns(context),
            CompletionKind.Path => await PathsAsync(context.Prefix),
            CompletionKind.Argument when context.Prefix.StartsWith('-') => Options(context),
            CompletionKind.Argument => Columns(context).Concat(await PathsAsync(context.Prefix)),
            _ => [],
        };
        return new Completions(
            context.Start,
            [.. texts.Where(text => text.StartsWith(context.Prefix, StringComparison.Ordinal)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)]);
    }

    private IEnumerable<string> Columns(CompletionContext context) =>
        StaticColumns.Before(context.Stages, shell).Select(column => column.Name);

    private static IEnumerable<string> Options(CompletionContext context) =>
        context.Words is [{ Parts: [LiteralPart name] }, ..] && CommandTable.Find(name.Text) is { } command
            ? command.Help.Options.SelectMany(option => option.Option.Split([' ', ','])).Where(part => part.StartsWith('-'))
            : [];

    /// <summary>The entries of the directory that is written so far. A prefix with quotes or expansions in it is left alone.</summary>
    private async Task<IEnumerable<string>> PathsAsync(string prefix)
    {
        if (prefix.AsSpan().IndexOfAny(Expanding) >= 0)
        {
            return [];
        }

        int slash = prefix.LastIndexOf('/');
        string written = prefix[..(slash + 1)];
        string directory = written.Replace("\\", "", StringComparison.Ordinal);
        if (directory.StartsWith("~/", StringComparison.Ordinal))
        {
            directory = (shell.Variables.Get("HOME") ?? await shell.HomeDirectories.OfServerAsync(cancellation)) + directory[1..];
        }

        bool showsHidden = prefix.AsSpan(slash + 1).StartsWith(".");
        var paths = new List<string>();
        try
        {
            int count = 0;
            await foreach (DirectoryEntry entry in shell.Connection.System.ListAsync(ShellText.BytesOf(directory.Length == 0 ? "." : directory), cancellation))
            {
                // A name that cannot be typed is not offered: bytes that are no text, control characters.
                if (entry.Name.TryDecode() is { } name && name is not ("." or "..") && (showsHidden || name[0] != '.') && !name.Any(char.IsControl))
                {
                    paths.Add(written + Escaped(name) + (entry.Kind == FileKind.Directory ? "/" : ""));
                }

                if (++count == MaxEntries)
                {
                    break;
                }
            }
        }
        catch (SysreqException)
        {
            // There is no such directory, or none that may be read: nothing can stand there.
        }

        return paths;
    }

    private static string Escaped(string name)
    {
        var escaped = new StringBuilder(name.Length);
        foreach (char unit in name)
        {
            if (Special.Contains(unit))
            {
                escaped.Append('\\');
            }

            escaped.Append(unit);
        }

        return escaped.ToString();
    }
}
