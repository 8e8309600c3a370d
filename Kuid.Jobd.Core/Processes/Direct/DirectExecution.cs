using System.Globalization;
using System.Text;

namespace Kuid.Jobd.Core.Processes.Direct;

/// <summary>
/// Executes the program of a simple command without the shell that would do nothing but start it and wait: half of what such a job costs.
/// </summary>
/// <remarks>
/// <para>
/// Nobody may see the difference in what is written and how it ends, and shells differ. So nothing is built in of what a shell does:
/// the shell of this machine is asked, by running it, and each answer holds as long as the daemon runs. What does it make of this
/// environment, in its order (<c>cat /proc/self/environ</c>)? Is this name one of its own (<c>command -v</c>)? What does it say, and
/// return, of a program that a signal has ended? While an answer is not there the shell is executed, as it is for every command that
/// is not simple (<see cref="SimpleCommand"/>) and for whatever cannot be executed directly: its error is the shell's then.
/// </para>
/// <para>
/// What can be seen: the job's process is the program itself, and leads the session. Programs that look at processes are left to the shell.
/// </para>
/// </remarks>
public sealed class DirectExecution(Spawner spawner)
{
    // Most daemons have two: that of sockproc and that of isolated jobs.
    private const int MostEnvironments = 16;

    private readonly Lock _learning = new();
    private volatile Known[] _known = [];

    /// <summary>What to execute in place of a shell.</summary>
    /// <returns>Null when it is the shell that has to be executed.</returns>
    internal ProcessSpec? InsteadOf(ProcessSpec shell)
    {
        return WordsOf(shell) is { } words && HabitsIn(shell) is { Variables: { } variables } habits && habits.ProgramOf(words) is { } program
            ? shell with { Program = program, Argv = words, Environment = variables, ClearEnvironment = true }
            : null;
    }

    /// <summary>Completes when all that there is to ask about a job has been answered.</summary>
    internal async Task LearnAsync(ProcessSpec shell)
    {
        if (WordsOf(shell) is { } words && HabitsIn(shell) is { } habits)
        {
            await habits.LearnAsync(words);
        }
    }

    /// <summary>What the shell would have said and returned if its program had been ended by a signal.</summary>
    /// <returns>Null when it does not answer; the status is the program's own then.</returns>
    internal async Task<(WaitStatus Status, byte[] Stderr)?> AsToldAsync(ProcessSpec shell, WaitStatus ended)
    {
        // One core of the program's is enough; only where it had one the shell is to say so.
        ProcessSpec asked = ended.DumpedCore ? shell : shell with { Limits = (shell.Limits ?? new ResourceLimits()) with { CoreBytes = 0 } };
        string command = string.Create(CultureInfo.InvariantCulture, $"/bin/sh -c 'kill -{ended.Signal} $$'");
        ShellAnswer? answer = await ShellQuestion.AskAsync(spawner, asked, Encoding.ASCII.GetBytes(command));
        return answer is null ? null : (answer.Status, answer.Stderr);
    }

    // A job of its own variables or in a sandbox is one of many: whoever would have to ask for each of them has won nothing.
    private static IReadOnlyList<byte[]>? WordsOf(ProcessSpec shell) =>
        shell is { ShellCommand: { } command, Isolation: null or { Sandbox: null }, Environment: [], ClearEnvironment: false } ? SimpleCommand.Words(command) : null;

    // Environments are told apart by being the same list: those that many jobs share are.
    private ShellHabits? HabitsIn(ProcessSpec shell)
    {
        IReadOnlyList<byte[]> given = shell.EnvironmentOn(spawner.Inherited) ?? spawner.Inherited.Variables;
        return Find(given, shell.WorkingDirectory) ?? Learn(given, shell);
    }

    private ShellHabits? Find(IReadOnlyList<byte[]> given, byte[]? directory)
    {
        foreach (Known known in _known)
        {
            if (ReferenceEquals(known.Given, given) && ReferenceEquals(known.Directory, directory))
            {
                return known.Habits;
            }
        }

        return null;
    }

    private ShellHabits? Learn(IReadOnlyList<byte[]> given, ProcessSpec shell)
    {
        lock (_learning)
        {
            if (Find(given, shell.WorkingDirectory) is { } habits)
            {
                return habits;
            }

            if (_known.Length >= MostEnvironments)
            {
                return null;
            }

            habits = new ShellHabits(spawner, shell with { Limits = null }, given);
            _known = [.. _known, new Known(given, shell.WorkingDirectory, habits)];
            return habits;
        }
    }

    private sealed record Known(IReadOnlyList<byte[]> Given, byte[]? Directory, ShellHabits Habits);
}
