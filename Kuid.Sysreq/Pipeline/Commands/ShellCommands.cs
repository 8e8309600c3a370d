using Kuid.Sysreq.Pipeline.Commands.Shell;
using Kuid.Sysreq.Pipeline.Evaluation;

namespace Kuid.Sysreq.Pipeline.Commands;

/// <summary>The commands that work on the session: its variables, its directory, its flow.</summary>
public static class ShellCommands
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<Command> All { get; } =
    [
        new TrueCommand(":", status: 0),
        new TrueCommand("true", status: 0),
        new TrueCommand("false", status: 1),
        new TestCommand("test"),
        new TestCommand("["),
        new LeaveCommand("exit", DepartureKind.Exit),
        new LeaveCommand("return", DepartureKind.Return),
        new LoopCommand("break", DepartureKind.Break),
        new LoopCommand("continue", DepartureKind.Continue),
        new ExportCommand(),
        new EnvCommand(),
        new UnsetCommand(),
        new LocalCommand(),
        new ShiftCommand(),
        new SetCommand(),
        new ReadCommand(),
        new WaitCommand(),
        new JobsCommand(),
        new CdCommand(),
        new PwdCommand(),
        new SleepCommand(),
        new XargsCommand(),
        new HelpCommand(),
    ];
}
