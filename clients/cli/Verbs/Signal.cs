using System.CommandLine;
using System.Globalization;
using Kuid.Cli.Api;

namespace Kuid.Cli.Verbs;

/// <summary><c>kuid signal</c>: a signal to the process groups of running jobs.</summary>
internal static class Signal
{
    /// <summary>The verb.</summary>
    internal static Verb Create(DaemonOptions daemonOptions)
    {
        var signal = new Argument<string>("SIG") { Description = "A name, with or without SIG, or a number: TERM, SIGHUP, 9." };
        Argument<string[]> ids = Operands.Ids();
        var verb = new Verb("signal", "Send a signal to running jobs.", "Each job's whole process group gets it.") { Arguments = { signal, ids } };
        verb.SetAction(async (words, cancellation) =>
        {
            string word = words.GetRequiredValue(signal);
            int number = SignalNumber.Of(word) ?? throw new UsageException($"there is no signal \"{word}\"; allowed: names such as TERM and SIGTERM, 1 to 64");
            List<long> numbers = [.. words.GetRequiredValue(ids).Select(Operands.ReadId)];
            using DaemonClient daemon = daemonOptions.Open(words);
            return await Each.DoAsync(
                numbers, id => daemon.SignalAsync(id, number.ToString(CultureInfo.InvariantCulture), cancellation));
        });
        return verb;
    }
}
