using System.Globalization;

namespace Kuid.Sockproc.Tests.Jobs;

// Jobs of these tests write pids into files of the daemon's folder, as in `echo $$ > pid`.
internal static class PidFile
{
    // Waits until the file is there with its whole line.
    internal static async Task<int> Read(TestDaemon daemon, string name)
    {
        string path = daemon.Folder[name], text = string.Empty;
        await Eventually.Holds(
            () => File.Exists(path) && (text = File.ReadAllText(path)).EndsWith('\n'), $"a job has written its file {name}");
        return int.Parse(text.TrimEnd(), CultureInfo.InvariantCulture);
    }
}
