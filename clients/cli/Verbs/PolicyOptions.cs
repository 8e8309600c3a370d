using System.CommandLine;
using Kuid.Cli.Api;

namespace Kuid.Cli.Verbs;

/// <summary>What <c>run</c> and <c>submit</c> say of when, how often and beside which others a job runs.</summary>
internal sealed class PolicyOptions
{
    private const int MostAttempts = 100;
    private static readonly string[] AfterModes = ["success", "end"];
    private static readonly string[] KeyPolicies = ["queue", "skip", "replace"];
    private static readonly string[] DisconnectPolicies = ["continue", "cancel"];
    private static readonly string[] IsolationProfiles = ["none", "basic", "user", "strict"];

    private readonly Option<string?> _notBefore = new("--not-before", "--at") { Description = $"Not before this: {Quantity.TimeHelp}.", HelpName = "TIME" };
    private readonly Option<string?> _expiresIn = new("--expires-in", "--expires")
    {
        Description = "It fails when it has not started so long after its submission.",
        HelpName = "SECONDS",
    };

    private readonly Option<string?> _maxAttempts = new("--max-attempts") { Description = $"How often it is tried until it succeeds, up to {MostAttempts}. Default: 1.", HelpName = "N" };
    private readonly Option<string?> _retryBackoff = new("--retry-backoff")
    {
        Description = "The pause before the second attempt; each further one is twice as long. Default: 1.",
        HelpName = "SECONDS",
    };

    private readonly Option<string[]> _after = new("--after") { Description = "Not before these jobs have ended; separated by commas, repeatable.", HelpName = "IDS" };
    private readonly Option<string?> _afterMode = Operands.OneOf("--after-mode", null, "MODE", "What of them is waited for", "success", AfterModes);
    private readonly Option<string?> _key = new("--key") { Description = "Of the jobs with the same key one runs at a time.", HelpName = "KEY" };
    private readonly Option<string?> _keyPolicy = Operands.OneOf(
        "--key-policy", null, "POLICY", "What it does while another has the key", "queue", KeyPolicies);

    private readonly Option<string?> _killGrace = new("--kill-grace") { Description = "What it has between SIGTERM and SIGKILL. Default: the daemon's.", HelpName = "SECONDS" };
    private readonly Option<string?> _maxOutput = new("--max-output") { Description = "How much of each stream is kept, half head and half tail. Default: 64M.", HelpName = "BYTES" };
    private readonly Option<string?> _callbackUrl = new("--callback-url", "--callback") { Description = "Where its end is told by an HTTP POST.", HelpName = "URL" };
    private readonly Option<string?> _disconnect = Operands.OneOf(
        "--disconnect", null, "POLICY", "What becomes of it when whoever follows it goes away", "continue", DisconnectPolicies);

    private readonly Option<bool> _survive = new("--survive") { Description = "It goes on when the daemon stops or dies, and the next one takes it up; its stdin is none or a FILE, not a stream." };

    private readonly Option<string?> _isolation = Operands.OneOf(
        "--isolation", null, "PROFILE", "What keeps it from what the daemon may", "the daemon's", IsolationProfiles);

    internal PolicyOptions() => _after.CompletionSources.Add(Completions.Candidates.Jobs);

    /// <summary>Adds them to a verb.</summary>
    internal void AddTo(Command verb)
    {
        foreach (Option option in new Option[]
        {
            _notBefore, _expiresIn, _maxAttempts, _retryBackoff, _after, _afterMode, _key, _keyPolicy, _killGrace, _maxOutput, _callbackUrl, _disconnect,
            _isolation, _survive,
        })
        {
            verb.Options.Add(option);
        }
    }

    /// <summary>The submission with them.</summary>
    /// <exception cref="UsageException">One makes no sense.</exception>
    internal JobSubmission Apply(JobSubmission submission, ParseResult words) => submission with
    {
        NotBefore = Quantity.ReadTime("--not-before", words.GetValue(_notBefore))?.ToUniversalTime(),
        ExpiresInSeconds = Quantity.ReadSeconds("--expires-in", words.GetValue(_expiresIn)),
        MaxAttempts = (int?)Operands.ReadNumber("--max-attempts", words.GetValue(_maxAttempts), 1, MostAttempts),
        RetryBackoffSeconds = Quantity.ReadSeconds("--retry-backoff", words.GetValue(_retryBackoff), zero: true),
        After = words.GetValue(_after) is { Length: > 0 } after ? [.. after.SelectMany(ids => ids.Split(',')).Select(Operands.ReadId)] : null,
        AfterMode = Operands.ReadWord("--after-mode", words.GetValue(_afterMode), AfterModes),
        Key = words.GetValue(_key),
        KeyPolicy = Operands.ReadWord("--key-policy", words.GetValue(_keyPolicy), KeyPolicies),
        KillGraceSeconds = Quantity.ReadSeconds("--kill-grace", words.GetValue(_killGrace), zero: true),
        MaxOutputBytes = Quantity.ReadBytes("--max-output", words.GetValue(_maxOutput)),
        CallbackUrl = words.GetValue(_callbackUrl),
        Disconnect = Operands.ReadWord("--disconnect", words.GetValue(_disconnect), DisconnectPolicies),
        Survive = words.GetValue(_survive) ? true : null,
        Isolation = Operands.ReadWord("--isolation", words.GetValue(_isolation), IsolationProfiles),
    };
}
