using Kuid.Sysreq.Pipeline.Rows;
using Kuid.Sysreq.Pipeline.Values;
using Kuid.Sysreq.Remote;

namespace Kuid.Sysreq.Pipeline.Commands.Remote;

/// <summary><c>sys</c>: any system call at all.</summary>
internal sealed class SysCommand : Command
{
    private const int MostArguments = 6;
    private const int LargestBuffer = 16 * 1024 * 1024;
    private const int Alignment = 16;

    /// <inheritdoc/>
    public override string Name => "sys";

    /// <inheritdoc/>
    public override bool LeavesConnectionAlone => false;

    /// <inheritdoc/>
    public override CommandHelp Help { get; } = new()
    {
        Synopsis = "sys CALL [ARG...]",
        Summary = "Makes a system call in the process that serves the session, and gives its result.",
        Remarks = "CALL is a name or a number of the remote architecture. An ARG is a number, decimal or 0x; @SIZE, the address of so many zero "
            + "bytes; anything else, or =TEXT, the address of a text that a NUL ends. There are at most six, and missing ones are 0. The column "
            + "data has what is in the memory of the first @SIZE after the call. Descriptor 3 is the connection, and not for read and write. "
            + "Memory of a call is free again after it.",
        Columns = [new("result", ValueKind.Int64), new("errno", ValueKind.String)],
        OnDemand = [new("data", ValueKind.Bytes)],
        Examples = ["sys getppid", "sys openat -100 /etc/hostname 0", "sys getcwd @4096 4096 | select data"],
    };

    /// <inheritdoc/>
    public override RowSource Bind(CommandCall call)
    {
        if (call.Arguments.Count == 0 && !call.AwaitsArguments)
            throw new CommandException("needs at least one CALL", call.Span, status: 2);

        // A negative number is an argument of the call's, and there are no options.
        if (call.Arguments.Count > MostArguments + 1)
            throw new CommandException(
                $"takes CALL and at most {MostArguments} arguments: {new ByteString(ArgumentReader.Text(call.Arguments[MostArguments + 1]))} is too much",
                call.Arguments[MostArguments + 1].Span,
                status: 2);

        var words = call.Arguments.Skip(1).Select(Word).ToList();
        return new RemoteRows(this, stage => ReadAsync(stage, call.Arguments[0], words));
    }

    private static async IAsyncEnumerable<Value[]> ReadAsync(RemoteStage stage, Argument call, List<CallArgument> words)
    {
        var client = stage.System.Client;
        var number = NumberOf(call, client.Architecture);
        using var memory = await client.Scratch.RentAsync(words.Sum(word => word.Space), stage.Cancellation);
        var batch = new Batch();
        var arguments = new long[words.Count];
        var offset = 0;
        (int Offset, int Length)? buffer = null;
        for (var index = 0; index < words.Count; index++)
        {
            var word = words[index];
            arguments[index] = word.Content is null ? word.Number : memory.AddressOf(offset, word.Space);
            if (word.Content is { Length: > 0 } content)
                batch.Upload(memory, content, offset);

            buffer ??= word.IsBuffer ? (offset, word.Content!.Length) : null;
            offset += word.Space;
        }

        RefuseConnection(call, number, arguments, client.Architecture);
        var request = batch.Call(number, arguments);
        await client.SendAsync(batch, stage.Cancellation);
        if (request.Error is not null)
            stage.Context.Status = 1;

        Value[] row =
        [
            new Int64Value(request.Result), request.Error is { } error ? new StringValue(error.Name) : NullValue.Instance,
        ];
        if (!stage.Demands("data"))
        {
            yield return row;
            yield break;
        }

        if (buffer is not { } place)
        {
            yield return [.. row, NullValue.Instance];
            yield break;
        }

        var transfers = new Batch();
        var download = transfers.Download(memory, place.Length, place.Offset);
        await client.SendAsync(transfers, stage.Cancellation);
        yield return [.. row, new BytesValue(download.Bytes)];
    }

    /// <summary>What read and write of descriptor 3 do is not a call but the wire's own transfer, and would put it out of step.</summary>
    private static void RefuseConnection(Argument call, long number, long[] arguments, Architecture architecture)
    {
        if (arguments.Length > 0 && arguments[0] == SysreqClient.Descriptor && architecture.NameOf(number) is "read" or "write")
            throw new CommandException("descriptor 3 is the connection itself, which is neither read nor written by a call", call.Span);
    }

    private static long NumberOf(Argument call, Architecture architecture)
    {
        var text = ArgumentReader.Text(call);
        if (ArgumentReaderValues.TryInteger(text, out var number) && number >= 0)
            return number;

        if (architecture.FindCall(text) is { } known)
            return known.Number;

        var near = NearestName.Among(architecture.CallNames, text) is { } name ? $" (did you mean {name}?)" : "";
        throw new CommandException($"{architecture.Name} has no system call {new ByteString(text)}{near}", call.Span, status: 2);
    }

    private static CallArgument Word(Argument argument)
    {
        var bytes = ValueText.BytesOf(argument.Value);
        var text = ArgumentReader.Text(argument);
        if (argument.Value is not BytesValue && ArgumentReaderValues.TryInteger(text, out var number))
            return new CallArgument(number, null, false);

        if (text is not ['@', .. var size])
            return new CallArgument(0, [.. text is ['=', ..] ? bytes.Span[1..] : bytes.Span, 0], false);

        return SizeText.TryParse(size, out var length) && length is > 0 and <= LargestBuffer
            ? new CallArgument(0, new byte[(int)length], true)
            : throw new CommandException($"{new ByteString(text)}: SIZE is 1 to {LargestBuffer} bytes; a text is written ={new ByteString(text)}", argument.Span, status: 2);
    }

    /// <param name="Number">The argument itself where it has no memory.</param>
    /// <param name="Content">What its memory holds before the call; null for a number.</param>
    /// <param name="IsBuffer">Whether the call is to write there.</param>
    private readonly record struct CallArgument(long Number, byte[]? Content, bool IsBuffer)
    {
        /// <summary>How much memory it takes, so that the next one is aligned as any structure wants it.</summary>
        public int Space => Content is null ? 0 : (Content.Length + Alignment - 1) / Alignment * Alignment;
    }
}
