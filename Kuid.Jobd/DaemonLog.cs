using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Kuid.Jobd;

/// <summary>
/// The log: the framework's console logger, on stderr in the foreground and on the log file without a terminal. It never
/// holds up who logs: lines wait in a queue for its own thread, and when that is full they are dropped and counted.
/// </summary>
internal sealed class DaemonLog : IDisposable
{
    private const int QueuedLines = 4096;

    private readonly ReopenableFile? _file;

    private DaemonLog(DaemonOptions options, ReopenableFile? file)
    {
        _file = file;
        Level = options.LogLevel;
        Factory = LoggerFactory.Create(builder =>
        {
            builder.SetMinimumLevel(LogLevel.Trace).AddFilter((category, level) => level >= Level && (level >= LogLevel.Warning || IsOurs(category)));
            if (options.LogFormat == LogFormat.Json)
            {
                builder.AddJsonConsole(json =>
                {
                    json.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";
                    json.UseUtcTimestamp = true;
                });
            }
            else
            {
                builder.AddSimpleConsole(text =>
                {
                    text.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
                    text.UseUtcTimestamp = true;
                    text.SingleLine = true;
                    text.ColorBehavior = LoggerColorBehavior.Disabled;
                });
            }

            builder.Services.Configure<ConsoleLoggerOptions>(console =>
            {
                console.LogToStandardErrorThreshold = LogLevel.Trace;
                console.QueueFullMode = ConsoleLoggerQueueFullMode.DropWrite;
                console.MaxQueueLength = QueuedLines;
            });
        });
    }

    // What the web framework says of its daily work says nothing about this daemon.
    private static bool IsOurs(string? category) => category?.StartsWith("Microsoft.", StringComparison.Ordinal) != true;

    /// <summary>Makes loggers.</summary>
    internal ILoggerFactory Factory { get; }

    /// <summary>The least severe lines that are logged; may be changed at any time.</summary>
    internal LogLevel Level { get; set; }

    /// <summary>Opens the log.</summary>
    /// <param name="file">The file to log to; null for stderr.</param>
    internal static DaemonLog Open(DaemonOptions options, string? file)
    {
        // The console logger asks for Console.Error once, when it is made: this is where it is told to write.
        TextWriter stderr = Console.Error;
        ReopenableFile? reopenable = file is null ? null : new ReopenableFile(file);
        Console.SetError(new PrintableLines((TextWriter?)reopenable ?? stderr));
        try
        {
            var log = new DaemonLog(options, reopenable);
            _ = log.Factory.CreateLogger(nameof(DaemonLog));
            return log;
        }
        finally
        {
            Console.SetError(stderr);
        }
    }

    /// <summary>Opens the file again under its name, after somebody has moved it away.</summary>
    internal void Reopen() => _file?.Reopen();

    /// <summary>Writes what is queued and closes.</summary>
    public void Dispose()
    {
        Factory.Dispose();
        _file?.Dispose();
    }

    /// <summary>A text file, appended to, that can be opened anew while it is written to. A full disk loses lines, never the daemon.</summary>
    private sealed class ReopenableFile(string path) : TextWriter
    {
        private readonly Lock _gate = new();
        private StreamWriter _writer = Append(path);

        public override Encoding Encoding => Encoding.UTF8;

        public override void Write(char value) => Write(value.ToString());

        public override void Write(string? value)
        {
            lock (_gate)
            {
                try
                {
                    _writer.Write(value);
                    _writer.Flush();
                }
                catch (IOException)
                {
                    // The writer still holds what it could not write: its file is closed under it, and it is dropped.
                    StreamWriter failed = _writer;
                    _writer = Append(path);
                    failed.BaseStream.Dispose();
                }
            }
        }

        public override void Flush()
        {
            // Every write is flushed.
        }

        internal void Reopen()
        {
            lock (_gate)
            {
                StreamWriter moved = _writer;
                _writer = Append(path);
                moved.Dispose();
            }
        }

        protected override void Dispose(bool disposing)
        {
            lock (_gate)
            {
                _writer.Dispose();
            }

            base.Dispose(disposing);
        }

        private static StreamWriter Append(string path) => new(new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.Append,
            Access = FileAccess.Write,
            Share = FileShare.ReadWrite | FileShare.Delete,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            BufferSize = 0,
        }));
    }
}
