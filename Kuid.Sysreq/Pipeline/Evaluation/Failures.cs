using Kuid.Sysreq.Pipeline.Commands;
using Kuid.Sysreq.Pipeline.Evaluation.Expansion;
using Kuid.Sysreq.Pipeline.Values;
using Kuid.Sysreq.Remote;

namespace Kuid.Sysreq.Pipeline.Evaluation;

/// <summary>What a command can fail with while its script goes on.</summary>
internal static class Failures
{
    /// <summary>Whether an exception is the failure of one command; a lost connection and a cancellation end the whole script.</summary>
    public static bool IsOfCommand(Exception exception) => exception is CommandException or ExpansionException or SysreqException;

    /// <summary>The error that is reported, and the status that the command ends with.</summary>
    public static (ErrorValue Error, int Status) Of(Exception exception, string command) => exception switch
    {
        CommandException failure => (new ErrorValue(command, failure.Message, failure.Errno), failure.Status),
        SysreqException refusal => (new ErrorValue(command, refusal.Message, refusal.ErrnoName), 1),
        _ => (new ErrorValue(command, exception.Message), 1),
    };
}
