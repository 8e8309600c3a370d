using Kuid.Jobd.Core.Descriptors;
using Kuid.Jobd.Core.Jobs;
using Kuid.Jobd.Core.Native;

namespace Kuid.Jobd.Core.Services;

/// <summary>
/// A call in plain mode: the subserver gets the caller's socket itself, and its program that as its standard streams. From then
/// on no byte of the call passes here.
/// </summary>
/// <param name="caller">The caller's connection; its door keeps it until it is handed over.</param>
public sealed class HandedOverCall(Descriptor caller) : CallStreams
{
    private SafeFd? _handed;

    /// <summary>Whether the subserver has the socket, so that whatever is still to be said to the caller is said there.</summary>
    public bool IsHandedOver => _handed is { IsClosed: true };

    /// <summary>The socket where it was taken and did not arrive, which is the door's to close; null otherwise.</summary>
    public SafeFd? ComeBack => _handed is { IsClosed: false } socket ? socket : null;

    /// <inheritdoc/>
    internal override string Mode => "plain";

    /// <inheritdoc/>
    internal override SafeFd TakeSocket()
    {
        // Whether calls on it wait is a property of the socket and not of a descriptor: programs expect that they do.
        _handed = caller.Release();
        LibcIo.MakeBlocking(_handed);
        return _handed;
    }

    /// <inheritdoc/>
    internal override Task RunAsync(Job job, CancellationToken over) => Task.CompletedTask;
}
