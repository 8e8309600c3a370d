using System.Text;

namespace Kuid.Jobd.Doors.Services;

/// <summary>Why a caller gets no program, in a line.</summary>
/// <param name="Text">What is wrong, and what is allowed.</param>
internal readonly record struct CallRejection(string Text)
{
    private const int MostOfTheirs = 100;

    /// <summary>Nobody offers it.</summary>
    internal static CallRejection NoService(string name) =>
        new(name.Length == 0 ? "the first line is the name of a service" : $"there is no service \"{Printable(name)}\"");

    /// <summary>The line, which tells itself from a service's output by its first word.</summary>
    internal byte[] ToLine() => Encoding.UTF8.GetBytes($"error: {Text}\n");

    private static string Printable(string text)
    {
        string cut = text.Length <= MostOfTheirs ? text : text[..MostOfTheirs] + "...";
        return string.Concat(cut.Select(c => c is >= ' ' and < '\x7f' ? c : '?'));
    }
}
