using System.Buffers;
using System.Text.Json;
using Kuid.Jobd.Core.Access;
using Kuid.Jobd.Core.Threads;
using Microsoft.Extensions.Logging;

namespace Kuid.Jobd;

/// <summary>The audit log: one JSON object a line for each decision about who may do what. It owns the file.</summary>
/// <remarks>
/// <para>Every connection of sockproc is a decision, so whoever decides only puts it into a bounded queue; a thread of its own, which
/// may wait for the disk or the reader of a pipe, makes the lines and writes those that have come together in one call. When the queue
/// is full, lines are dropped and counted: no client waits for a log. The count is a metric and a line of its own when
/// writing goes on.</para>
/// <para>All text is JSON's, which escapes control characters: no name can make a line of its own. At 64 MiB the file is moved to
/// <c>PATH.1</c> in place of the one before.</para>
/// </remarks>
internal sealed class AuditLog : IAuditLog, IDisposable
{
    private const int Queued = 8192;
    private const int LinesAtOnce = 1024;
    private const long MostBytes = 64L * 1024 * 1024;
    private static readonly TimeSpan Linger = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(1);

    private readonly Inbox<(DateTime At, AccessDecision Decision)> _queue = new(Queued);

    private readonly string _path;
    private readonly ILogger _log;
    private readonly Thread _writer;
    private readonly ArrayBufferWriter<byte> _lines = new();
    private FileStream? _file;
    private volatile bool _reopen;
    private long _dropped;
    private long _told;
    private bool _failing;
    private bool _isTorn;

    private AuditLog(string path, ILogger log)
    {
        _path = path;
        _log = log;
        _writer = new Thread(Run) { IsBackground = true, Name = "kuid-audit" };
    }

    /// <summary>How many decisions could not be noted.</summary>
    internal long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Opens it.</summary>
    /// <exception cref="StartException">The file cannot be written to.</exception>
    internal static AuditLog Open(string path, ILogger log)
    {
        var audit = new AuditLog(path, log);
        try
        {
            // A pipe is opened by the thread, for that waits for its reader.
            if (!File.Exists(path) || Core.Native.LibcFiles.Identify(path) is { IsRegular: true })
            {
                audit._file = audit.OpenFile();
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartException($"--audit-log {path}: {e.Message}", ExitCode.System);
        }

        audit._writer.Start();
        return audit;
    }

    /// <inheritdoc/>
    public void Write(in AccessDecision decision)
    {
        if (!_queue.TryPut((DateTime.UtcNow, decision), urgent: false))
        {
            Interlocked.Increment(ref _dropped);
            AuditMeter.Drop();
        }
    }

    /// <summary>Opens the file again under its name, after somebody has moved it away.</summary>
    internal void Reopen() => _reopen = true;

    /// <summary>Writes what is queued, unless that takes long, and closes.</summary>
    public void Dispose()
    {
        _queue.Close();
        if (_writer.Join(Farewell))
        {
            _file?.Dispose();
        }
    }

    private void Run()
    {
        while (_queue.Wait())
        {
            // What comes together is one write.
            _queue.Collect(Linger);
            int lines = 0;
            _lines.ResetWrittenCount();
            for (; lines < LinesAtOnce && _queue.TryTake(out (DateTime At, AccessDecision Decision) next); lines++)
            {
                Append(next.At, next.Decision);
            }

            Save(lines);
        }
    }

    private void Save(int lines)
    {
        try
        {
            Renew();
            if (_isTorn)
            {
                // A disk that was full has taken a part of a line, which must not become the beginning of the next one.
                _file!.Write("\n"u8);
                _isTorn = false;
            }

            long dropped = Dropped;
            if (dropped != _told)
            {
                AppendDropped(dropped - _told);
            }

            _isTorn = true;
            _file!.Write(_lines.WrittenSpan);
            _isTorn = false;
            _told = dropped;
            _failing = false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Interlocked.Add(ref _dropped, lines);
            AuditMeter.Drop(lines);
            if (!_failing)
            {
                Log.AuditFailed(_log, _path, e.Message);
            }

            _failing = true;
            _file?.Dispose();
            _file = null;
        }
    }

    private void Renew()
    {
        bool isFull = _file is { CanSeek: true } && _file.Length > MostBytes;
        if (isFull)
        {
            File.Move(_path, _path + ".1", overwrite: true);
        }

        if (_file is null || _reopen || isFull)
        {
            _reopen = false;
            _file?.Dispose();
            _file = OpenFile();
        }
    }

    private FileStream OpenFile() => new(_path, new FileStreamOptions
    {
        Mode = FileMode.Append,
        Access = FileAccess.Write,
        Share = FileShare.ReadWrite | FileShare.Delete,
        UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        BufferSize = 0,
    });

    private void Append(DateTime at, in AccessDecision decision)
    {
        using (var json = new Utf8JsonWriter(_lines))
        {
            json.WriteStartObject();
            json.WriteString("at", at);
            json.WriteBoolean("allowed", decision.IsAllowed);
            json.WriteString("door", decision.Door);
            json.WriteString("principal", decision.Principal);
            json.WriteString("operation", decision.Operation);
            if (decision.Needed is { } needed)
            {
                json.WriteString("scope", ScopeSet.WordOf(needed));
            }

            if (decision.Service is { } service)
            {
                json.WriteString("service", service);
            }

            if (decision.Job is { } job)
            {
                json.WriteNumber("job", job);
            }

            if (decision.Status is { } status)
            {
                json.WriteNumber("status", status);
            }

            json.WriteEndObject();
        }

        _lines.Write("\n"u8);
    }

    private void AppendDropped(long count)
    {
        using (var json = new Utf8JsonWriter(_lines))
        {
            json.WriteStartObject();
            json.WriteString("at", DateTime.UtcNow);
            json.WriteNumber("dropped", count);
            json.WriteEndObject();
        }

        _lines.Write("\n"u8);
    }
}
