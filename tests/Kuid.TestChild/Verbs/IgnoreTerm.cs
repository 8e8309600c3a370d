using System.Runtime.InteropServices;

namespace Kuid.TestChild.Verbs;

/// <summary>Says "ready", answers each SIGTERM with the line "TERM" and goes on.</summary>
internal static class IgnoreTerm
{
    internal static int Run()
    {
        using var registration = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
        {
            context.Cancel = true;
            Standard.Output.Say("TERM");
        });
        Standard.Output.Say("ready");
        Thread.Sleep(Timeout.Infinite);
        return 0;
    }
}
