using System.Text;
using Kuid.Sysreq.Grammar;
using Kuid.Sysreq.Pipeline;
using Kuid.Sysreq.Pipeline.Formats;
using Kuid.Sysreq.Remote;

namespace Kuid.Sysreq.Tests.Evaluation;

/// <summary>What a script gave.</summary>
internal sealed record Outcome(string Output, string Errors, int Status);

/// <summary>Evaluates scripts on this machine by system calls of this process.</summary>
internal static class Shells
{
    /// <summary>How long a script may take before its test fails.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>Opens a session, or skips the test where the kernel does not let a thread have a directory of its own.</summary>
    public static async Task<Session> OpenAsync(SessionOptions? options = null, ITransport? transport = null)
    {
        try
        {
            return await Session.OpenAsync(transport ?? new LocalTransport(), options ?? new SessionOptions(), CancellationToken.None);
        }
        catch (IOException error) when (error.Message.Contains("unshare: EPERM", StringComparison.Ordinal))
        {
            Assert.Skip($"unshare(CLONE_FS|CLONE_FILES) is refused here, as in some containers: {error.Message}");
            throw;
        }
    }

    /// <summary>Evaluates a script in a session of its own.</summary>
    public static async Task<Outcome> RunAsync(string source, SessionOptions? options = null, string format = "text")
    {
        await using Session session = await OpenAsync(options);
        return await RunAsync(session, source, format);
    }

    /// <summary>Evaluates a script.</summary>
    public static async Task<Outcome> RunAsync(Session session, string source, string format = "text", CancellationToken cancellation = default)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Patience);
        using var output = new MemoryStream();
        using var errors = new MemoryStream();
        int status;
        await using (var sink = new StreamSink(format, output, errors, isTerminal: false))
        {
            status = await session.EvaluateAsync(ScriptParser.Parse(source), sink, patience.Token);
        }

        return new Outcome(Encoding.UTF8.GetString(output.ToArray()), Encoding.UTF8.GetString(errors.ToArray()), status);
    }
}
