namespace Kuid.Sysreq.Remote;

/// <summary>
/// Starts a program as a child of the server, over a wire that has nothing for that but system calls. The order of things:
/// <para>
/// clone(CLONE_VFORK|SIGCHLD) makes a copy of the server and suspends the server itself until the copy executes a program or exits. The
/// copy has the same memory and the same connection, and is in the same place: returning from a system call. So it answers 0 and serves
/// the requests that follow, which put its descriptors and limits in place. execve is the last of them. If it fails, the copy answers
/// -errno and is told to exit, which nobody answers; if it succeeds, nobody answers either, because the copy is a program now. In both
/// cases the server wakes up and answers the clone with the child's id.
/// </para>
/// <para>
/// So every request has exactly one reply, only not always its own: execve is answered with -errno by the copy or with a process
/// id by the server. Nobody else may send in between, which the turn sees to.
/// </para>
/// </summary>
internal sealed class ProgramStarter(SysreqClient client)
{
    private const long VforkAndSigchld = 0x4000 | 17;
    private const int SigInt = 2;
    private const int SigQuit = 3;
    private const int SigPipe = 13;
    private const long SetControllingTerminal = 0x540E; // TIOCSCTTY of ioctl_tty(2)
    private const int SigSetMask = 2;
    private const int SignalSetLength = 8;
    private const int CloseOnExecFlag = 4;
    private const int SetDescriptorFlags = 2;
    private const int FailedExitCode = 127;

    private readonly SystemCalls _calls = client.Architecture.Calls;

    /// <summary>Starts the program and gives its process id.</summary>
    /// <param name="program">What.</param>
    /// <param name="file">The file, found already.</param>
    /// <param name="input">Descriptors of the server's that become the program's 0, 1 and 2. They are neither 0..2 nor the connection.</param>
    /// <param name="isTerminal">Whether they are a terminal, which becomes the one of the program's session.</param>
    /// <exception cref="SysreqException">One of the calls in the child was refused; no child is left.</exception>
    public async Task<int> StartAsync(
        RemoteProgram program, ByteString file, int input, int output, int error, CancellationToken cancellationToken, bool isTerminal = false)
    {
        var image = new ProgramImage(file, program);
        using var memory = await client.Scratch.RentAsync(image.Length, cancellationToken);
        using var turn = await client.TakeTurnAsync(cancellationToken);

        var upload = new Batch();
        upload.Upload(memory, image.BytesAt(memory.Address));
        await turn.SendAsync(upload, cancellationToken);

        // From here on nothing is cancelled: a child half made would answer for the server.
        var clone = new Batch();
        var cloned = clone.Call(_calls.Clone, VforkAndSigchld, 0, 0, 0, 0);
        await turn.SendAsync(clone, CancellationToken.None);
        if (cloned.Error is { } refused)
            throw new SysreqException(_calls.Clone.Name, "CLONE_VFORK", refused);

        if (cloned.Result != 0)
            throw Absurd($"clone was answered with {cloned.Result} where the child answers 0");

        var failure = await PrepareAsync(turn, program, memory, image, [(input, 0), (output, 1), (error, 2)], newSession: true, isTerminal);
        return failure is null ? await ExecuteAsync(turn, memory, image, file) : await AbandonAsync(turn, failure);
    }

    /// <summary>
    /// Turns the server itself into the program, with the connection as its stdin, stdout and stderr. After this the stream is the
    /// program's; when execve fails after all, 8 bytes of a negative errno come on it.
    /// </summary>
    public async Task ReplaceAsync(RemoteProgram program, ByteString file, CancellationToken cancellationToken)
    {
        var image = new ProgramImage(file, program);
        using var memory = await client.Scratch.RentAsync(image.Length, cancellationToken);
        using var turn = await client.TakeTurnAsync(cancellationToken);
        var upload = new Batch();
        upload.Upload(memory, image.BytesAt(memory.Address));
        await turn.SendAsync(upload, cancellationToken);

        var write = client.Ident.WriteDescriptor;
        var failure = await PrepareAsync(
            turn, program, memory, image, [(SysreqClient.Descriptor, 0), (write, 1), (write, 2)], newSession: false);
        if (failure is not null)
            throw failure;

        var execute = new Batch().Call(
            _calls.ExecVe,
            memory.AddressOf(image.FileOffset, 1),
            memory.AddressOf(image.ArgumentsOffset, 1),
            memory.AddressOf(image.EnvironmentOffset, 1));
        var header = new byte[Request.HeaderLength];
        execute.WriteHeader(header);
        await turn.SendRawAsync(header, cancellationToken);
    }

    /// <summary>What every program finds: its descriptors and no others, signals as they are by default, its folder and limits.</summary>
    private async Task<SysreqException?> PrepareAsync(
        Exchange.Turn turn,
        RemoteProgram program,
        ScratchLease memory,
        ProgramImage image,
        IReadOnlyList<(int From, int To)> descriptors,
        bool newSession,
        bool isTerminal = false)
    {
        var batch = new Batch();
        var musts = new List<(SystemCall Call, string Shown, Request Request)>();

        // A session of its own, so that the whole of it can be killed.
        if (newSession)
            Must(_calls.SetSid, "");

        // A server whose own starter ignored Ctrl-C, as a shell does for what it runs in the background, ignores it too.
        Must(_calls.SigAction, "SIGINT", SigInt, memory.Address, 0, SignalSetLength);
        Must(_calls.SigAction, "SIGQUIT", SigQuit, memory.Address, 0, SignalSetLength);
        Must(_calls.SigAction, "SIGPIPE", SigPipe, memory.Address, 0, SignalSetLength);
        Must(_calls.SigProcMask, "SIG_SETMASK", SigSetMask, memory.Address, 0, SignalSetLength);
        foreach (var (from, to) in descriptors)
            Must(_calls.Dup3, $"{from}, {to}", from, to, 0);

        if (isTerminal)
            Must(_calls.IoCtl, "TIOCSCTTY", 0, SetControllingTerminal, 0);

        if (program.WorkingDirectory is { } folder)
            Must(_calls.ChDir, $"\"{folder}\"", memory.AddressOf(image.FolderOffset, 1));

        for (var i = 0; i < program.Limits.Count; i++)
        {
            var resource = program.Limits[i].Key;
            Must(_calls.PrLimit, $"{resource}", 0, (int)resource, memory.AddressOf(ProgramImage.LimitOffset(i), 1), 0);
        }

        // The range is marked where the kernel can (5.11); what this library opens is marked anyway, so only the connection is left.
        batch.Call(_calls.CloseRange, SysreqClient.Descriptor, uint.MaxValue, CloseOnExecFlag);
        batch.Call(_calls.FCntl, SysreqClient.Descriptor, SetDescriptorFlags, 1);
        batch.Call(_calls.FCntl, client.Ident.WriteDescriptor, SetDescriptorFlags, 1);
        await turn.SendAsync(batch, CancellationToken.None);
        return musts
            .Where(must => must.Request.Error is not null)
            .Select(must => new SysreqException(must.Call.Name, must.Shown, must.Request.Error!.Value))
            .FirstOrDefault();

        void Must(SystemCall call, string shown, params ReadOnlySpan<long> arguments) =>
            musts.Add((call, shown, batch.Call(call, arguments)));
    }

    private async Task<int> ExecuteAsync(Exchange.Turn turn, ScratchLease memory, ProgramImage image, ByteString file)
    {
        var batch = new Batch();
        var executed = batch.Call(
            _calls.ExecVe,
            memory.AddressOf(image.FileOffset, 1),
            memory.AddressOf(image.ArgumentsOffset, 1),
            memory.AddressOf(image.EnvironmentOffset, 1));
        await turn.SendAsync(batch, CancellationToken.None);
        if (executed.Error is { } error)
            return await AbandonAsync(turn, new SysreqException(_calls.ExecVe.Name, $"\"{file}\"", error));

        return PidOf(executed);
    }

    /// <summary>Ends the child copy, whose exit the server answers, and reaps it.</summary>
    private async Task<int> AbandonAsync(Exchange.Turn turn, SysreqException failure)
    {
        var exit = new Batch();
        var exited = exit.Call(_calls.Exit, FailedExitCode);
        await turn.SendAsync(exit, CancellationToken.None);
        var wait = new Batch();
        wait.Call(_calls.Wait4, PidOf(exited), 0, 0, 0);
        await turn.SendAsync(wait, CancellationToken.None);
        throw failure;
    }

    private int PidOf(Request request) => request.Result is > 0 and <= int.MaxValue
        ? (int)request.Result
        : throw Absurd($"a process id of {request.Result}");

    private AbsurdReplyException Absurd(string message)
    {
        var error = new AbsurdReplyException($"{message}; the connection was closed");
        client.Abort(error);
        return error;
    }
}
