namespace Kuid.Sysreq.Remote;

public sealed partial class RemoteSystem
{
    /// <summary>Runs a program beside the server and gives its output as it comes, its end last. Leaving the loop early kills it.</summary>
    public IAsyncEnumerable<ProgramOutput> RunAsync(RemoteProgram program, CancellationToken cancellationToken = default) => throw Soon();

    /// <summary>Turns the server into a program: the connection becomes its stdin, stdout and stderr. The client is used up.</summary>
    public Task<Stream> BecomeAsync(RemoteProgram program, CancellationToken cancellationToken = default) => throw Soon();
}
