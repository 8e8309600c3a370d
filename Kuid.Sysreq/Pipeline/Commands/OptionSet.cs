namespace Kuid.Sysreq.Pipeline.Commands;

/// <summary>The options of a command, as its help declares them.</summary>
internal sealed class OptionSet
{
    private readonly Dictionary<string, Option> _byName = new(StringComparer.Ordinal);

    /// <summary>Reads them out of the help: <c>-r</c>, <c>-n COUNT</c> for one with a value, <c>-r, --reverse</c> for one of two names.</summary>
    public OptionSet(CommandHelp help)
    {
        foreach ((string declared, _) in help.Options)
        {
            string[] parts = declared.Split([' ', ','], StringSplitOptions.RemoveEmptyEntries);
            string[] names = [.. parts.Where(part => part.StartsWith('-'))];
            var option = new Option(names[0], parts.FirstOrDefault(part => !part.StartsWith('-')));
            foreach (string name in names)
                _byName.Add(name, option);
        }
    }

    /// <summary>All names, in the order of the help.</summary>
    public IReadOnlyList<string> Names => [.. _byName.Keys];

    /// <summary>The option of a name; null when there is none.</summary>
    public Option? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>An option.</summary>
    /// <param name="Name">Its first name.</param>
    /// <param name="Value">What its value is called; null when it has none.</param>
    internal sealed record Option(string Name, string? Value);
}
