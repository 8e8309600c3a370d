using System.CommandLine;
using Kuid.Cli.Api;
using Kuid.Cli.Completions;

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

    private readonly Option<string?> _pipeline = new("--pipeline") { Description = "A pipeline or script for hosts instead of a command.", HelpName = "TEXT" };
    private readonly Option<string[]> _host = new("--host")
    {
        Description = "Where the pipeline is evaluated: local, an address, a name of the daemon's; repeatable. Default: local.",
        HelpName = "HOST",
    };

    private readonly PolicyOptions _policy = new();
    private readonly LimitOptions _limits = new();
    private readonly bool _inCurrentFolder;

    /// <param name="inCurrentFolder">Whether the job's working directory is that of kuid unless <c>--cwd</c> says otherwise.</param>
    internal SubmissionOptions(bool inCurrentFolder)
    {
        _inCurrentFolder = inCurrentFolder;
        _queue.CompletionSources.Add(Candidates.Queues);
        _host.CompletionSources.Add(Candidates.Hosts);
        _cwd = new("--cwd")
        {
            Description = $"Its working directory. Default: {(inCurrentFolder ? "the current one" : "the daemon's")}.",
            HelpName = "DIR",
        };
    }

    /// <summary>Adds them to a verb.</summary>
    /// <param name="takesPipeline">Whether the job may be a pipeline too, whose streams are rows and nothing to attach to.</param>
    internal void AddTo(Command verb, bool takesPipeline = false)
    {
        verb.Arguments.Add(_command);
        foreach (Option option in new Option[] { _shell, _name, _queue, _label, _env, _cwd, _timeout, _priority })
        {
            verb.Options.Add(option);
        }

        _policy.AddTo(verb);
        _limits.AddTo(verb);
        if (takesPipeline)
        {
            verb.Options.Add(_pipeline);
            verb.Options.Add(_host);
        }
    }

    /// <summary>The submission, without its stdin.</summary>
    /// <exception cref="UsageException">The words make none.</exception>
    internal JobSubmission Read(ParseResult words)
    {
        string? line = words.GetValue(_shell);
        string[] argv = words.GetValue(_command) ?? [];
        string? pipeline = words.GetValue(_pipeline);
        string[] hosts = words.GetValue(_host) ?? [];
        Check(line, argv, pipeline, hosts);
        var submission = new JobSubmission
        {
            Kind = (line, pipeline) switch { (not null, _) => "shell", (_, not null) => "pipeline", _ => "argv" },
            Command = line,
            Argv = argv.Length > 0 ? argv : null,
            Pipeline = pipeline,
            Host = hosts is [var host] ? host : null,
            Hosts = hosts.Length > 1 ? hosts : null,
            Name = words.GetValue(_name),
            Queue = words.GetValue(_queue),
            Labels = Operands.ReadPairs("--label", words.GetValue(_label)),
            Env = Operands.ReadPairs("--env", words.GetValue(_env), Environment.GetEnvironmentVariable),
            Cwd = ReadFolder(words.GetValue(_cwd)),
            TimeoutSeconds = Quantity.ReadSeconds("--timeout", words.GetValue(_timeout)),
            Priority = (int?)Operands.ReadNumber("--priority", words.GetValue(_priority), -1000, 1000),
            Limits = _limits.Read(words),
        };
        return _policy.Apply(submission, words);
    }

    private static void Check(string? line, string[] argv, string? pipeline, string[] hosts)
    {
        string? wrong = (line, pipeline, argv.Length, hosts.Length) switch
        {
            (null, null, 0, _) => "there is no command to run",
            (not null, not null, _, _) => "--shell and --pipeline exclude each other",
            (not null, _, > 0, _) => "--shell has the whole command; nothing may follow it",
            (_, not null, > 0, _) => "--pipeline has the whole script; nothing may follow it",
            (_, null, _, > 0) => "--host goes with --pipeline",
            _ => null,
        };
        if (wrong is not null)
        {
            throw new UsageException(wrong);
        }
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
