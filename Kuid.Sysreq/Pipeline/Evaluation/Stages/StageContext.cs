using Kuid.Sysreq.Pipeline.Commands;
using Kuid.Sysreq.Pipeline.Values;
using Kuid.Sysreq.Remote;

namespace Kuid.Sysreq.Pipeline.Evaluation;

/// <summary>What a command has while it runs in a shell.</summary>
internal sealed class StageContext(Evaluator evaluator, string name, Streams streams) : CommandContext
{
    /// <summary>The name that it was called by.</summary>
    public string Name => name;

    /// <summary>The shell.</summary>
    public Shell Shell => evaluator.Shell;

    /// <summary>What evaluates the script that it is part of.</summary>
    public Evaluator Evaluator => evaluator;

    /// <summary>Where its rows and errors go; redirections change it before the command runs.</summary>
    public Streams Streams { get; set; } = streams;

    /// <summary>Its input, for a command that takes a part of it; null without one.</summary>
    public SharedInput? Input => Streams.Input;

    /// <inheritdoc/>
    public override RemoteSystem System => Shell.Connection.System;

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, string> Environment => Shell.Variables.Exported;

    /// <inheritdoc/>
    public override ILocalFiles? LocalFiles => Shell.LocalFiles;

    /// <inheritdoc/>
    public override ValueTask ReportAsync(ErrorValue error)
    {
        Status = Status == 0 ? 1 : Status;
        return Streams.Errors.ErrorAsync(error);
    }

    /// <inheritdoc/>
    public override ValueTask WriteErrorAsync(ReadOnlyMemory<byte> bytes) => Streams.Errors.WriteErrorAsync(bytes);
}
