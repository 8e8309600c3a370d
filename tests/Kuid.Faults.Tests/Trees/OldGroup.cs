using System.Globalization;

namespace Kuid.Faults.Tests.Trees;

/// <summary>A control group of version 1 around a whole daemon, which a test limits from outside; null where none can be made.</summary>
internal sealed class OldGroup : IDisposable
{
    private readonly string _path;

    private OldGroup(string path) => _path = path;

    /// <summary>Words in front of the daemon that put it into the group.</summary>
    internal string[] Wrapper => ["/bin/sh", "-c", $"echo $$ > {_path}/cgroup.procs && exec \"$@\"", "sh"];

    internal static OldGroup? TryCreate(string controller)
    {
        string path = string.Create(
            CultureInfo.InvariantCulture, $"/sys/fs/cgroup/{controller}/kuid-test-{Environment.ProcessId}-{Random.Shared.Next():x}");
        try
        {
            return Directory.Exists(Path.GetDirectoryName(path)) ? new OldGroup(Directory.CreateDirectory(path).FullName) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    internal void Set(string file, string value) => File.WriteAllText(Path.Combine(_path, file), value);

    internal string Read(string file) => File.ReadAllText(Path.Combine(_path, file));

    /// <summary>Removes it; a process in it that has just been killed takes a moment to leave.</summary>
    public void Dispose()
    {
        bool Removed()
        {
            try
            {
                Directory.Delete(_path);
                return true;
            }
            catch (IOException)
            {
                return false;
            }
        }

        SpinWait.SpinUntil(Removed, TimeSpan.FromSeconds(10));
    }
}
