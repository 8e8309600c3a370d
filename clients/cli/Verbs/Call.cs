using System.CommandLine;
using Kuid.Cli.Services;
using Kuid.Cli.Streams;

namespace Kuid.Cli.Verbs;

/// <summary><c>kuid call</c>: a service as if it were a command of the shell's own.</summary>
internal static class Call
{
    private const string Variable = "KUID_SERVICES";

    private const string Details =
        "A service is a program that some user offers with kuid advertise. It runs there, as that user, with kuid's own streams here. "
        + "Where it runs on a terminal and standard input is one, that is the terminal's other side: its size, TERM and every key go there, "
        + "Ctrl-C among them. Elsewhere Ctrl-C, SIGTERM and SIGHUP are sent to it, and a second one leaves it, which sends it SIGHUP.\n\n"
        + "The services are at --services, else at $KUID_SERVICES. What follows SERVICE is the service's own.\n\n"
        + "Exit codes: the program's; 128+n when signal n ended it; 2 wrong use; 125 kuid's own failure: no such service, a refusal, a lost "
        + "connection; 126 not executable; 127 not found; 141 when nobody reads the output any more.";

    /// <summary>The verb.</summary>
    internal static Verb Create()
    {
        var operands = new Argument<string[]>("SERVICE [ARG]...")
        {
            Description = "The service, and its arguments: each has at least one character and is one line.",
            Arity = ArgumentArity.OneOrMore,
        };
        var services = new Option<string?>("--services") { Description = "Where the services are: HOST:PORT, PORT, or the PATH of a Unix socket.", HelpName = "ADDRESS" };
        var env = new Option<string[]>("--env")
        {
            Description = "A variable for the program, if the service allows it; NAME alone takes it from here. Repeatable.",
            HelpName = "NAME[=VALUE]",
        };
        var noStdin = new Option<bool>("--no-stdin", "-n") { Description = "Give the program an empty standard input." };
        var verb = new Verb("call", "Call a service and exit as its program did.", Details)
        {
            Arguments = { operands },
            Options = { services, env, noStdin },
            TakesCommand = true,
            TakesService = true,
        };
        verb.SetAction(async (words, cancellation) =>
        {
            string[] call = words.GetRequiredValue(operands);
            ServicesAddress address = ServicesAddress.Parse(
                (words.GetValue(services) ?? Environment.GetEnvironmentVariable(Variable)) is { Length: > 0 } text
                    ? text
                    : throw new UsageException($"where are the services? Say --services ADDRESS, or set {Variable}"));
            Dictionary<string, string>? variables = Operands.ReadPairs("--env", words.GetValue(env), Environment.GetEnvironmentVariable);
            using var caller = new Caller(address, readsStdin: !words.GetValue(noStdin) && StandardInput.IsWorthReading());
            return await caller.RunAsync(call[0], call[1..], [.. variables?.Select(pair => $"{pair.Key}={pair.Value}") ?? []], cancellation);
        });
        return verb;
    }
}
