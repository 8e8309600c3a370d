using System.Buffers;
using Kuid.Sysreq.Pipeline.Evaluation.Expansion;
using Kuid.Sysreq.Remote;

namespace Kuid.Sysreq.Pipeline.Evaluation;

/// <summary>A remote file that is written to, in pieces that are worth a round trip.</summary>
internal sealed class FileOutput
{
    private const int FlushSize = 64 * 1024;

    private readonly RemoteSystem _system;
    private readonly int _descriptor;
    private readonly CancellationToken _cancellation;
    private readonly ArrayBufferWriter<byte> _waiting = new();

    private FileOutput(RemoteSystem system, int descriptor, CancellationToken cancellation)
    {
        _system = system;
        _descriptor = descriptor;
        _cancellation = cancellation;
        Sink = new PlainTextSink(WriteAsync);
    }

    /// <summary>Takes what is to be written.</summary>
    public IResultSink Sink { get; }

    /// <summary>Opens the file, and makes it if it is not there.</summary>
    public static async ValueTask<FileOutput> OpenAsync(RemoteSystem system, FileDestination file, CancellationToken cancellation)
    {
        OpenFlags flags = OpenFlags.Write | OpenFlags.Create | (file.Appends ? OpenFlags.Append : OpenFlags.Truncate);
        return new FileOutput(system, await system.OpenAsync(ShellText.BytesOf(file.Path), flags, cancellationToken: cancellation), cancellation);
    }

    /// <summary>Writes what waits.</summary>
    public async ValueTask FlushAsync()
    {
        if (_waiting.WrittenCount > 0)
        {
            byte[] bytes = _waiting.WrittenSpan.ToArray();
            _waiting.ResetWrittenCount();
            await _system.WriteAsync(_descriptor, bytes, _cancellation);
        }
    }

    /// <summary>Closes the file; what still waits is not written.</summary>
    public ValueTask CloseAsync() => new(_system.CloseAsync(_descriptor, CancellationToken.None));

    private ValueTask WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        _waiting.Write(bytes.Span);
        return _waiting.WrittenCount >= FlushSize ? FlushAsync() : ValueTask.CompletedTask;
    }
}
