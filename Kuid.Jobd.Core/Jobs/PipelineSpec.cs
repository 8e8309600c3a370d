using System.Text;
using Kuid.Jobd.Core.Sessions;

namespace Kuid.Jobd.Core.Jobs;

/// <summary>What to evaluate, and where.</summary>
/// <param name="Source">The script, one that parses.</param>
public sealed record PipelineSpec(string Source)
{
    /// <summary>The host, by name or address; null for the local one. A job has this or <see cref="Hosts"/>.</summary>
    public string? Host { get; init; }

    /// <summary>Hosts to evaluate it on side by side, whose rows say where they are from; null for the one host.</summary>
    public IReadOnlyList<string>? Hosts { get; init; }

    /// <summary>The variables of the session, each <c>NAME=value</c>. It has no others: those of the daemon are another machine's.</summary>
    public IReadOnlyList<byte[]> Environment { get; init; } = [];

    /// <summary>The directory that the session begins in; null for the server's.</summary>
    public byte[]? WorkingDirectory { get; init; }

    /// <summary>The session that it is evaluated in; null for one of its own. It is not kept: what is run again has one of its own.</summary>
    internal ShellSession? Session { get; init; }

    /// <summary>How much memory it takes, in bytes.</summary>
    internal long Bytes => Encoding.UTF8.GetByteCount(Source) + Environment.Sum(variable => (long)variable.Length)
        + (Hosts?.Sum(host => (long)host.Length) ?? 0);
}
