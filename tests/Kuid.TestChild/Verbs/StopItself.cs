namespace Kuid.TestChild.Verbs;

/// <summary>Says "ready" and stops, as with SIGSTOP from elsewhere; continued, it says "continued" and waits for a signal.</summary>
internal static class StopItself
{
    internal static int Run()
    {
        Standard.Output.Say("ready");
        _ = Libc.Kill(Environment.ProcessId, Libc.SIGSTOP);
        Standard.Output.Say("continued");
        Thread.Sleep(Timeout.Infinite);
        return 0;
    }
}
