using System.CommandLine;
using System.Globalization;
using Kuid.Cli.Api;

namespace Kuid.Cli.Verbs;

/// <summary>What <c>run</c> and <c>submit</c> say of the job.</summary>
internal sealed class SubmissionOptions
{
    /// <summary>For the help of both verbs: what surprises whoever is used to sudo or env.</summary>
    internal const string EnvironmentNote =
        "The job has the DAEMON's environment, not the one of the shell in which you type; --env adds to it.";

    private readonly Option<string?> _shell = new("--shell", "-c") { Description = "A line for /bin/sh instead of a command.", HelpName = "STRING" };
    private readonly Option<string?> _name = new("--name") { Description = "A name for people.", HelpName = "NAME" };
    private readonly Option<string?> _queue = new("--queue") { Description = "The queue to wait in. Default: default.", HelpName = "QUEUE" };
    private readonly Option<string[]> _label = new("--label") { Description = "A label to find it by; repeatable.", HelpName = "K=V" };
    private readonly Option<string[]> _env = new("--env")
    {
        Description = "A variable for the job; K alone passes on the value it has here; repeatable.",
        HelpName = "K[=V]",
    };

    private readonly Option<string?> _cwd;
    private readonly Option<string?> _timeout = new("--timeout") { Description = "How long it may run. Default: as long as it likes.", HelpName = "SECONDS" };
    private readonly Option<string?> _priority = new("--priority") { Description = "Higher starts first, -1000 to 1000. Default: 0.", HelpName = "N" };
    private readonly Argument<string[]> _command = new("COMMAND")
    {
        Description = "The program and its arguments; what follows its name is the program's own.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly bool _inCurrentFolder;

    /// <param name="inCurrentFolder">Whether the job's working directory is that of kuid unless <c>--cwd</c> says otherwise.</param>
    internal SubmissionOptions(bool inCurrentFolder)
    {
        _inCurrentFolder = inCurrentFolder;
        _cwd = new("--cwd")
        {
            Description = $"Its working directory. Default: {(inCurrentFolder ? "the current one" : "the daemon's")}.",
            HelpName = "DIR",
        };
    }

    /// <summary>Adds them to a verb.</summary>
    internal void AddTo(Command verb)
    {
        verb.Arguments.Add(_command);
        foreach (Option option in new Option[] { _shell, _name, _queue, _label, _env, _cwd, _timeout, _priority })
        {
            verb.Options.Add(option);
        }
    }

    /// <summary>The submission, without its stdin.</summary>
    /// <exception cref="UsageException">The words make none.</exception>
    internal JobSubmission Read(ParseResult words)
    {
        string? line = words.GetValue(_shell);
        string[] argv = words.GetValue(_command) ?? [];
        if (line is null == argv.Length is 0)
        {
            throw new UsageException(line is null ? "there is no command to run" : "--shell has the whole command; nothing may follow it");
        }

        return new JobSubmission
        {
            Kind = line is null ? "argv" : "shell",
            Command = line,
            Argv = line is null ? argv : null,
            Name = words.GetValue(_name),
            Queue = words.GetValue(_queue),
            Labels = Operands.ReadPairs("--label", words.GetValue(_label)),
            Env = Operands.ReadPairs("--env", words.GetValue(_env), Environment.GetEnvironmentVariable),
            Cwd = ReadFolder(words.GetValue(_cwd)),
            TimeoutSeconds = ReadSeconds(words.GetValue(_timeout)),
            Priority = (int?)Operands.ReadNumber("--priority", words.GetValue(_priority), -1000, 1000),
        };
    }

    private static double? ReadSeconds(string? text)
    {
        if (text is null)
        {
            return null;
        }

        return double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double seconds) && seconds > 0
            ? seconds
            : throw new UsageException($"--timeout \"{text}\": allowed: seconds above 0");
    }

    private string? ReadFolder(string? folder)
    {
        try
        {
            return folder switch
            {
                null when !_inCurrentFolder => null,
                null => Environment.CurrentDirectory,
                "" => throw new UsageException("--cwd: a folder is missing"),
                _ => Path.GetFullPath(folder),
            };
        }
        catch (FileNotFoundException)
        {
            throw new FailureException("the current folder has been deleted; give another with --cwd");
        }
    }
}
