namespace Kuid.Sysreq.Pipeline.Evaluation;

/// <summary>Where a descriptor of a command goes, known before any file is opened.</summary>
internal abstract class Destination
{
    /// <summary>Where the rows go without redirections.</summary>
    public static Destination Output { get; } = new Named();

    /// <summary>Where the errors go without redirections.</summary>
    public static Destination Errors { get; } = new Named();

    /// <summary>Nowhere: <c>/dev/null</c>, which needs no system call.</summary>
    public static Destination Nowhere { get; } = new Named();

    private sealed class Named : Destination;
}

/// <summary>A remote file.</summary>
/// <param name="path">Its name, in the text of words.</param>
/// <param name="appends">Whether what it has stays.</param>
internal sealed class FileDestination(string path, bool appends) : Destination
{
    /// <summary>Its name, in the text of words.</summary>
    public string Path => path;

    /// <summary>Whether what it has stays.</summary>
    public bool Appends => appends;
}

/// <summary>Rows that go where errors go, as text: <c>>&amp;2</c>.</summary>
internal sealed class TextDestination(Destination target) : Destination
{
    /// <summary>Where they go.</summary>
    public Destination Target => target;
}
