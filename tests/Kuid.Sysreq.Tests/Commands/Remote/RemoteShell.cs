using System.Text;
using Kuid.Sysreq.Grammar;
using Kuid.Sysreq.Pipeline.Commands;
using Kuid.Sysreq.Pipeline.Rows;
using Kuid.Sysreq.Pipeline.Values;
using Kuid.Sysreq.Remote;
using Kuid.Sysreq.Tests.Remote;
using Kuid.TestKit;

namespace Kuid.Sysreq.Tests.Commands.Remote;

/// <summary>
/// A connection that stands in a temporary folder, and commands on it, each bound and read as a pipeline of one stage does it.
/// </summary>
internal sealed class RemoteShell : IAsyncDisposable
{
    private readonly SysreqClient _client;

    private RemoteShell(SysreqClient client) => (_client, System) = (client, new RemoteSystem(client));

    /// <summary>The current folder of the connection.</summary>
    public TempFolder Folder { get; } = new();

    public RemoteSystem System { get; }

    public static Task<RemoteShell> ConnectAsync(string host = Hosts.Local) => ConnectAsync(() => Hosts.ConnectAsync(host));

    public static Task<RemoteShell> ConnectAsync(ITransport transport) => ConnectAsync(() => SysreqClient.ConnectAsync(transport));

    public Task<StageResult> RunAsync(string name, params object[] words) => RunAsync(new StageCall(name, words));

    public async Task<StageResult> RunAsync(StageCall call)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        var source = call.Bind();
        foreach (var column in call.Demands)
            source.Find(column).Should().NotBeNull("{0} has {1}", call.Name, column);

        var result = new StageResult(System, call, source);
        try
        {
            await foreach (var row in source.ReadAsync(result, patience.Token))
            {
                result.Rows.Add(row);
                if (result.Rows.Count == call.Take)
                    break;
            }
        }
        catch (CommandException failure)
        {
            result.Errors.Add(new ErrorValue(call.Name, failure.Message, failure.Errno));
            result.Status = failure.Status;
        }

        foreach (var row in result.Rows)
        {
            Assert.Equal(source.Columns.Count + call.Demands.Length, row.Length);
            Assert.True(Array.TrueForAll(row, value => value is not null));
        }

        return result;
    }

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        Folder.Dispose();
    }

    private static async Task<RemoteShell> ConnectAsync(Func<Task<SysreqClient>> connect)
    {
        var shell = new RemoteShell(await connect());
        await shell.System.ChangeDirectoryAsync(shell.Folder.Path);
        return shell;
    }
}

/// <summary>A command to call.</summary>
/// <param name="Words">Text, bytes or a value each.</param>
internal sealed record StageCall(string Name, params object[] Words)
{
    /// <summary>Columns on demand that a later stage names.</summary>
    public string[] Demands { get; init; } = [];

    public RowSource? Input { get; init; }

    public ILocalFiles? LocalFiles { get; init; }

    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>How many rows a later stage wants; null for all.</summary>
    public int? Take { get; init; }

    public bool AwaitsArguments { get; init; }

    /// <summary>The words with a blank between them, which is what spans refer to.</summary>
    public string Source => string.Join(' ', Words.Prepend(Name).Select(word => ValueText.Of(ValueOf(word))));

    public RowSource Bind()
    {
        var command = SystemCommands.All.Single(command => command.Name == Name);
        var offset = Name.Length;
        var arguments = new List<Argument>();
        foreach (var word in Words.Select(ValueOf))
        {
            var start = offset + 1;
            offset = start + ValueText.Of(word).Length;
            arguments.Add(new Argument(word, Span(start, offset)));
        }

        return command.Bind(new CommandCall(Name, Span(0, Name.Length), arguments, Input, AwaitsArguments));
    }

    private static Value ValueOf(object word) => word switch
    {
        Value value => value,
        byte[] bytes => Value.FromBytes(bytes),
        _ => new StringValue((string)word),
    };

    private static SourceSpan Span(int start, int end) => new(new SourcePosition(start, 1, start + 1), new SourcePosition(end, 1, end + 1));
}

/// <summary>What came of a command; it is its context too.</summary>
internal sealed class StageResult(RemoteSystem system, StageCall call, RowSource source) : CommandContext
{
    private readonly StringBuilder _standardError = new();

    public List<Value[]> Rows { get; } = [];

    public List<ErrorValue> Errors { get; } = [];

    /// <summary>The errors as they are shown.</summary>
    public IEnumerable<string> Messages => Errors.Select(error => $"{error.Message} [{error.Errno}]");

    public string StandardError => _standardError.ToString();

    public override RemoteSystem System => system;

    public override IReadOnlyDictionary<string, string> Environment => call.Environment;

    public override ILocalFiles? LocalFiles => call.LocalFiles;

    /// <summary>The bytes of a column of data.</summary>
    public byte[] Data => [.. Column("data").SelectMany(value => ValueText.BytesOf(value).ToArray())];

    /// <summary>A column, row by row.</summary>
    public IReadOnlyList<Value> Column(string name)
    {
        var (index, _) = source.Find(name) ?? throw new ArgumentException($"{call.Name} has no column {name}", nameof(name));
        return [.. Rows.Select(row => row[index])];
    }

    /// <summary>A column's texts.</summary>
    public IReadOnlyList<string> Texts(string name) => [.. Column(name).Select(ValueText.Of)];

    /// <summary>A value of the only row.</summary>
    public Value Only(string name) => Column(name).Should().ContainSingle().Subject;

    /// <summary>A value of the row whose column has this text.</summary>
    public Value Where(string key, string text, string name) => Column(name)[Texts(key).ToList().IndexOf(text)];

    public override ValueTask ReportAsync(ErrorValue error)
    {
        Errors.Add(error);
        Status = Status == 0 ? 1 : Status;
        return ValueTask.CompletedTask;
    }

    public override ValueTask WriteErrorAsync(ReadOnlyMemory<byte> bytes)
    {
        _standardError.Append(Encoding.UTF8.GetString(bytes.Span));
        return ValueTask.CompletedTask;
    }

    /// <summary>It did all it was to do.</summary>
    public StageResult ShouldSucceed()
    {
        Messages.Should().BeEmpty();
        Status.Should().Be(0);
        return this;
    }
}
