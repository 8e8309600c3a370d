using System.IO.Pipelines;
using Kuid.Sysreq.Pipeline.Commands.Remote.Parsing;
using Kuid.Sysreq.Pipeline.Rows;
using Kuid.Sysreq.Pipeline.Values;
using Kuid.Sysreq.Remote;

namespace Kuid.Sysreq.Pipeline.Commands.Remote;

/// <summary><c>run</c>: a program of the remote system.</summary>
internal sealed class RunCommand : Command
{
    private const int NotFound = 127;
    private const int NotExecutable = 126;
    private const int OfSignal = 128;

    /// <inheritdoc/>
    public override string Name => "run";

    /// <inheritdoc/>
    public override CommandHelp Help { get; } = new()
    {
        Synopsis = "run PROGRAM [ARG...]",
        Summary = "Runs a program of the remote system: its output becomes the rows, its status that of the stage.",
        Remarks = "The rows of the stage before are its standard input, which is empty without any. What it writes to its standard error is passed "
            + "on. Its status is 128 and the signal when one ended it, 127 when there is no such program, 126 when it cannot be executed. A PROGRAM "
            + "without a slash is looked for along PATH. ARGs that begin with a dash are the program's.",
        Columns = [DataColumn.Instance],
        Examples = ["run make -j8", "run git log | lines | head 10", "ls | run sort"],
    };

    /// <inheritdoc/>
    public override RowSource Bind(CommandCall call)
    {
        // The options are the program's: there are none of its own.
        if (call.Arguments.Count == 0 && !call.AwaitsArguments)
            throw new CommandException("needs at least one PROGRAM", call.Span, status: 2);

        var reader = new ArgumentReader(call with { Arguments = [] }, Help with { Options = [] });
        IReadOnlyList<ByteString> words = [.. call.Arguments.Select(argument => reader.Path(argument))];
        if (words is [{ IsEmpty: true }, ..])
            throw reader.Refusal("PROGRAM has a name", call.Arguments[0]);

        var input = call.Input is { Columns.Count: > 0 } rows ? rows : null;
        return new RemoteRows(this, stage => ReadAsync(stage, words, input));
    }

    private static async IAsyncEnumerable<Value[]> ReadAsync(RemoteStage stage, IReadOnlyList<ByteString> words, RowSource? input)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stage.Cancellation);
        var pipe = new Pipe();
        var feeding = input is null ? Task.CompletedTask : FeedAsync(pipe.Writer, input, stage, ended.Token);
        await using var content = input is null ? null : pipe.Reader.AsStream();
        var program = new RemoteProgram
        {
            File = words[0],
            Arguments = words,
            Environment = [.. stage.Context.Environment.Select(variable => new ByteString($"{variable.Key}={variable.Value}"))],
            Input = content,
        };
        try
        {
            await using var outputs = stage.System.RunAsync(program, stage.Cancellation).GetAsyncEnumerator(stage.Cancellation);
            while (await NextAsync(outputs, words[0]))
            {
                var output = outputs.Current;
                if (output.Kind == OutputKind.Stdout)
                    yield return [new BytesValue(output.Bytes)];
                else if (output.Kind == OutputKind.Stderr)
                    await stage.Context.WriteErrorAsync(output.Bytes);
                else
                    await EndAsync(stage, words[0], output.WaitStatus);
            }
        }
        finally
        {
            // A program that has ended takes no more input, and the stages before it stop.
            await ended.CancelAsync();
            await pipe.Reader.CompleteAsync();
            await feeding;
        }
    }

    /// <summary>Gives the rows of the stage before to the program, no faster than it takes them.</summary>
    private static async Task FeedAsync(PipeWriter writer, RowSource input, RemoteStage stage, CancellationToken cancellation)
    {
        Exception? failure = null;
        try
        {
            await foreach (var bytes in RowText.ReadAsync(input, stage.Context, cancellation))
            {
                if ((await writer.WriteAsync(bytes, cancellation)).IsCompleted)
                    break;
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The program has ended, or nobody wants it any more.
        }
        catch (Exception error)
        {
            // It reaches the program's reader, and whoever reads the program's output.
            failure = error;
        }

        await writer.CompleteAsync(failure);
    }

    private static async ValueTask<bool> NextAsync(IAsyncEnumerator<ProgramOutput> outputs, ByteString program)
    {
        try
        {
            return await outputs.MoveNextAsync();
        }
        catch (SysreqException error) when (error.Error == Errno.ENOENT || error.Error == Errno.ENOTDIR)
        {
            throw new CommandException($"{program}: no such program", status: NotFound, errno: error.ErrnoName);
        }
        catch (SysreqException error) when (error.Call == "execve")
        {
            throw new CommandException($"{program}: {error.Error.Text}", status: NotExecutable, errno: error.ErrnoName);
        }
    }

    /// <summary>The status of wait(2): the exit code in its second byte, or the signal in its lowest bits.</summary>
    private static async Task EndAsync(RemoteStage stage, ByteString program, int waitStatus)
    {
        var signal = waitStatus & 0x7F;
        if (signal != 0)
            await stage.ReportAsync($"{program}: ended by SIG{SignalTable.NameOf(signal)}");

        stage.Context.Status = signal != 0 ? OfSignal + signal : (waitStatus >> 8) & 0xFF;
    }
}
