using Kuid.Jobd.Core.Processes;
using Kuid.Jobd.Core.Processes.Isolation;

namespace Kuid.Jobd.Checking;

/// <summary>Whether the isolation that the options ask for can be had here: what the start asks, asked before it.</summary>
internal static class IsolationCheck
{
    internal static void Look(DaemonOptions options, Findings findings)
    {
        var policy = new IsolationPolicy(options.Isolation, new InheritedEnvironment([], NofileSoft: null));
        foreach (string mistake in policy.Mistakes(options.Coprocess.Socket is not null))
        {
            findings.Add(mistake);
        }
    }
}
