namespace Kuid.Jobd.Checking;

/// <summary>What a look at the configuration has found, in the order in which it was found.</summary>
internal sealed class Findings
{
    private readonly List<string> _problems = [];
    private readonly List<string> _warnings = [];

    /// <summary>What keeps a daemon from starting, or from doing what it was told to; a sentence each.</summary>
    internal IReadOnlyList<string> Problems => _problems;

    /// <summary>What a person may want to know and no daemon minds.</summary>
    internal IReadOnlyList<string> Warnings => _warnings;

    internal void Add(string problem) => _problems.Add(problem);

    internal void Warn(string warning) => _warnings.Add(warning);

    /// <summary>Goes on after a mistake, which is noted.</summary>
    internal void Try(Action act)
    {
        try
        {
            act();
        }
        catch (Exception e) when (e is StartException or InvalidDataException or IOException or UnauthorizedAccessException or FormatException)
        {
            Add(e.Message);
        }
    }
}
