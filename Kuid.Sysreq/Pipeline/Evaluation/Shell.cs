using Kuid.Sysreq.Grammar.Tree;
using Kuid.Sysreq.Pipeline.Commands;
using Kuid.Sysreq.Pipeline.Evaluation.Expansion;
using Kuid.Sysreq.Remote;

namespace Kuid.Sysreq.Pipeline.Evaluation;

/// <summary>
/// The state of a shell: what a script changes. A subshell, a substitution, a background job and each stage of a pipeline of several
/// have a copy, and what they change is gone with them.
/// </summary>
/// <remarks>
/// A copy uses the connection that it was made on, until a command in it would change that connection: then it opens one of its own in
/// the same directory. <c>(echo a)</c> so costs nothing, and <c>(cd /tmp; ls)</c> a connection, which over ssh takes a second. Only one
/// of the shells that share a connection runs at a time: the stages of a pipeline take turns. A background job does not, and begins
/// with a connection of its own.
/// </remarks>
internal sealed class Shell : IAsyncDisposable
{
    /// <summary>What <c>$0</c> is.</summary>
    public const string Name = "kuid";

    /// <summary>How many functions may be inside one another.</summary>
    public const int MaxDepth = 200;

    private readonly SessionScope _scope;
    private bool _ownsConnection;

    /// <summary>The shell of a session.</summary>
    public Shell(SessionScope scope, ShellConnection connection, Variables variables, IReadOnlyList<string> arguments)
        : this(scope, connection, variables, arguments, new Dictionary<string, FunctionDefinition>(StringComparer.Ordinal))
    {
        _ownsConnection = true;
    }

    private Shell(
        SessionScope scope,
        ShellConnection connection,
        Variables variables,
        IReadOnlyList<string> arguments,
        Dictionary<string, FunctionDefinition> functions)
    {
        _scope = scope;
        Connection = connection;
        Variables = variables;
        Arguments = arguments;
        Functions = functions;
        Jobs = new BackgroundJobs(scope);
        HomeDirectories = new HomeDirectories(() => Connection.System);
    }

    /// <summary>The files of whoever opened the session; null when commands may not have them.</summary>
    public ILocalFiles? LocalFiles => _scope.LocalFiles;

    /// <summary>The connection that it uses.</summary>
    public ShellConnection Connection { get; private set; }

    /// <summary>Its variables.</summary>
    public Variables Variables { get; }

    /// <summary>Its functions, by name.</summary>
    public Dictionary<string, FunctionDefinition> Functions { get; }

    /// <summary><c>$1</c> and those after it.</summary>
    public IReadOnlyList<string> Arguments { get; set; }

    /// <summary><c>$?</c>.</summary>
    public int Status { get; set; }

    /// <summary><c>$!</c>: the background job that was begun last.</summary>
    public int? LastJob { get; set; }

    /// <summary>How many functions it is inside.</summary>
    public int Depth { get; set; }

    /// <summary>How many loops of the current function it is inside.</summary>
    public int LoopDepth { get; set; }

    /// <summary>What it leaves.</summary>
    public Departure Leaving { get; set; }

    /// <summary>The variables that <c>local</c> has set aside, of the current function; null outside of functions.</summary>
    public Dictionary<string, Variable?>? Locals { get; set; }

    /// <summary>The background jobs that it began.</summary>
    public BackgroundJobs Jobs { get; private init; }

    /// <summary>What tildes ask.</summary>
    public HomeDirectories HomeDirectories { get; }

    /// <summary>A copy, on the same connection as long as that may be.</summary>
    public Shell Fork() =>
        new(_scope, Connection, Variables.Copy(), Arguments, new Dictionary<string, FunctionDefinition>(Functions, StringComparer.Ordinal))
        {
            Status = Status,
            LastJob = LastJob,
            Depth = Depth,
            LoopDepth = LoopDepth,
            Jobs = new BackgroundJobs(_scope) { Inherited = [.. Jobs.Inherited, .. Jobs.All] },
            Locals = Locals is null ? null : new Dictionary<string, Variable?>(Locals, StringComparer.Ordinal),
        };

    /// <summary>Makes sure that what is done to the connection is done to nobody else's.</summary>
    public async ValueTask OwnConnectionAsync(CancellationToken cancellation)
    {
        if (!_ownsConnection)
        {
            await OwnConnectionAsync(await Connection.System.WorkingDirectoryAsync(cancellation), cancellation);
        }
    }

    /// <summary>Opens a connection of its own in a directory.</summary>
    public async ValueTask OwnConnectionAsync(ByteString directory, CancellationToken cancellation)
    {
        if (Connection.System.IsConfined)
        {
            throw new CommandException("needs a connection of its own, which would begin outside of the root that chroot gave to this one");
        }

        Connection = await ShellConnection.OpenAsync(_scope.Transport, _scope.Client, directory, cancellation);
        _ownsConnection = true;
    }

    /// <summary>Closes the connection if it is its own.</summary>
    public ValueTask DisposeAsync() => _ownsConnection ? Connection.DisposeAsync() : ValueTask.CompletedTask;
}
