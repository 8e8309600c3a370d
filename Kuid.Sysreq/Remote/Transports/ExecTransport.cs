namespace Kuid.Sysreq.Remote;

/// <summary>
/// Starts commands for <see cref="ExecTransport"/>. Whoever hosts the library brings one, because a process has one way of starting
/// children and the library must not add another.
/// </summary>
public interface ICommandStarter
{
    /// <summary>
    /// Starts the command with its stdin and stdout on pipes or a socket; its stderr is the host's affair. The stream writes to stdin
    /// and reads from stdout; its disposal closes both, ends the command if it does not end by that, and reaps it.
    /// </summary>
    /// <exception cref="IOException">It could not be started.</exception>
    ValueTask<Stream> StartAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken);
}

/// <summary>A server at stdin and stdout of a command, such as <c>ssh host kuid-sysreqd -</c>.</summary>
public sealed class ExecTransport(IReadOnlyList<string> arguments, ICommandStarter starter) : ITransport
{
    /// <inheritdoc/>
    public ValueTask<Stream> OpenAsync(CancellationToken cancellationToken) => starter.StartAsync(arguments, cancellationToken);

    /// <inheritdoc/>
    public override string ToString() => new ExecAddress(arguments).ToString();
}
