using Kuid.Sysreq.Grammar.Tree;
using Kuid.Sysreq.Pipeline.Evaluation.Expansion;
using Kuid.Sysreq.Pipeline.Values;
using Kuid.Sysreq.Remote;

namespace Kuid.Sysreq.Pipeline.Evaluation;

internal sealed partial class Evaluator
{
    private async ValueTask RunCompoundAsync(CommandNode command, Streams streams)
    {
        if (command.Redirections.Count == 0)
        {
            await RunBodyAsync(command, streams);
            return;
        }

        await GuardAsync(streams, NameOf(command), async () =>
        {
            RedirectionPlan plan = await RedirectionPlan.OfAsync(Words(streams), command.Redirections);
            await RunRedirectedAsync(plan, streams, inner => RunBodyAsync(command, inner));
        });
    }

    /// <summary>Runs something with redirections around it. What it began in the background is waited for if it writes to a file of theirs.</summary>
    private async ValueTask RunRedirectedAsync(RedirectionPlan plan, Streams streams, Func<Streams, ValueTask> run)
    {
        await using OpenRedirections open = await OpenRedirections.OpenAsync(plan, Shell.Connection.System, Cancellation);
        Streams inner = open.Apply(streams);
        await using SharedInput? input = plan.Input is { } source ? new SharedInput(source) : null;
        await run(input is null ? inner : inner with { Input = input });
        if (plan.Files.Count > 0)
        {
            await Shell.Jobs.WaitAsync(job => job.Output.GoesTo(inner.Output) || job.Output.GoesTo(inner.Errors), Cancellation);
        }

        await open.FlushAsync();
    }

    private ValueTask RunBodyAsync(CommandNode command, Streams streams) => command switch
    {
        Group group => RunAsync(group.Body, streams),
        Subshell subshell => RunAsync(subshell, streams),
        ForCommand loop => RunAsync(loop, streams),
        WhileCommand loop => RunAsync(loop, streams),
        IfCommand choice => RunAsync(choice, streams),
        CaseCommand choice => RunAsync(choice, streams),
        _ => throw new InvalidOperationException($"{command.GetType().Name} is not known as a command"),
    };

    private async ValueTask RunAsync(Subshell subshell, Streams streams)
    {
        await using Shell copy = Shell.Fork();
        try
        {
            await new Evaluator(copy, Cancellation).RunAsync(subshell.Body, streams);
            Shell.Status = copy.Status;
        }
        catch (ConnectionLostException lost) when (copy.Connection != Shell.Connection)
        {
            Shell.Status = Statuses.ConnectionLost;
            await streams.Errors.ErrorAsync(new ErrorValue(Shell.Name, $"subshell: {lost.Message}"));
        }

        Shell.Jobs.Adopt(copy.Jobs);
    }

    private async ValueTask RunAsync(ForCommand loop, Streams streams)
    {
        IReadOnlyList<string> values = Shell.Arguments;
        if (loop.Words is { } words && !await GuardAsync(streams, "for", async () =>
            values = [.. (await Words(streams).ArgumentsAsync(words)).Select(argument => ShellText.Of(argument.Value))]))
        {
            return;
        }

        Shell.Status = values.Count == 0 ? 0 : Shell.Status;
        Shell.LoopDepth++;
        foreach (string value in values)
        {
            await TakeTurnAsync();
            Shell.Variables.Set(loop.Name, value);
            await RunAsync(loop.Body, streams);
            if (LeavesLoop())
            {
                break;
            }
        }

        Shell.LoopDepth--;
    }

    private async ValueTask RunAsync(WhileCommand loop, Streams streams)
    {
        int status = 0;
        Shell.LoopDepth++;
        while (true)
        {
            await TakeTurnAsync();
            await RunAsync(loop.Condition, streams);
            if (LeavesLoop())
            {
                break;
            }

            if (Shell.Status == 0 == loop.IsUntil)
            {
                Shell.Status = status;
                break;
            }

            await RunAsync(loop.Body, streams);
            status = Shell.Status;
            if (LeavesLoop())
            {
                break;
            }
        }

        Shell.LoopDepth--;
    }

    private async ValueTask RunAsync(IfCommand choice, Streams streams)
    {
        foreach (IfClause clause in choice.Clauses)
        {
            await RunAsync(clause.Condition, streams);
            if (IsLeaving)
            {
                return;
            }

            if (Shell.Status == 0)
            {
                await RunAsync(clause.Body, streams);
                return;
            }
        }

        if (choice.Else is { } otherwise)
        {
            await RunAsync(otherwise, streams);
        }
        else
        {
            Shell.Status = 0;
        }
    }

    private async ValueTask RunAsync(CaseCommand choice, Streams streams)
    {
        Script? body = null;
        bool isKnown = await GuardAsync(streams, "case", async () =>
        {
            WordExpander words = Words(streams);
            string subject = await words.TextAsync(choice.Subject);
            foreach (CaseItem item in choice.Items)
            {
                foreach (Word pattern in item.Patterns)
                {
                    if ((await words.PatternAsync(pattern)).Fits(subject))
                    {
                        body = item.Body;
                        return;
                    }
                }
            }
        });
        if (!isKnown)
        {
            return;
        }

        if (body is { Statements.Count: > 0 })
        {
            await RunAsync(body, streams);
        }
        else
        {
            Shell.Status = 0;
        }
    }

    /// <summary>Whether the loop ends here; takes from the departure what was meant for this loop.</summary>
    private bool LeavesLoop()
    {
        (DepartureKind kind, int levels) = Shell.Leaving;
        if (kind is DepartureKind.Break or DepartureKind.Continue)
        {
            Shell.Leaving = levels > 1 ? Shell.Leaving with { Levels = levels - 1 } : default;
        }

        return kind == DepartureKind.Continue ? levels > 1 : kind != DepartureKind.None;
    }
}
