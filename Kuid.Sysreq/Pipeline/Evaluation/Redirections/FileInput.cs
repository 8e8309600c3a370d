using System.Runtime.CompilerServices;
using Kuid.Sysreq.Pipeline.Commands;
using Kuid.Sysreq.Pipeline.Evaluation.Expansion;
using Kuid.Sysreq.Pipeline.Rows;
using Kuid.Sysreq.Pipeline.Values;
using Kuid.Sysreq.Remote;

namespace Kuid.Sysreq.Pipeline.Evaluation;

/// <summary>A remote file as input. It is opened before its command runs, so that a command without its input does not run.</summary>
/// <param name="path">Its name, in the text of words.</param>
internal sealed class FileInput(string path) : OwnRowsSource([DataColumn.Instance])
{
    private const int ChunkSize = 256 * 1024;

    private RemoteSystem? _system;
    private int _descriptor;

    /// <summary>Opens the file.</summary>
    public async ValueTask OpenAsync(RemoteSystem system, CancellationToken cancellation)
    {
        _descriptor = await system.OpenAsync(ShellText.BytesOf(path), OpenFlags.Read, cancellationToken: cancellation);
        _system = system;
    }

    /// <summary>Closes it if it is open.</summary>
    public async ValueTask CloseAsync()
    {
        if (_system is { } system)
        {
            _system = null;
            await system.CloseAsync(_descriptor, CancellationToken.None);
        }
    }

    /// <summary>The name of the file.</summary>
    public string Path => path;

    /// <inheritdoc/>
    public override async IAsyncEnumerable<Value[]> ReadAsync(
        CommandContext context, [EnumeratorCancellation] CancellationToken cancellation)
    {
        while (_system is { } system && await system.ReadAsync(_descriptor, ChunkSize, cancellation) is { IsEmpty: false } bytes)
        {
            yield return [new BytesValue(bytes)];
        }
    }
}
