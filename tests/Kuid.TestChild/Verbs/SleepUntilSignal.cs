namespace Kuid.TestChild.Verbs;

/// <summary>Says "ready" and does nothing until a signal ends it.</summary>
internal static class SleepUntilSignal
{
    internal static int Run()
    {
        Standard.Output.Say("ready");
        Thread.Sleep(Timeout.Infinite);
        return 0;
    }
}
