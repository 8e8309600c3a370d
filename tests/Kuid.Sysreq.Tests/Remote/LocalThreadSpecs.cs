using System.Globalization;
using Kuid.Sysreq.Remote;

namespace Kuid.Sysreq.Tests.Remote;

/// <summary>The thread of local system calls has descriptors of its own, and shares them with nobody.</summary>
public sealed class LocalThreadSpecs
{
    [Fact]
    public async Task No_thread_of_the_program_has_the_descriptors_of_a_connection()
    {
        await using var client = await Hosts.ConnectAsync(Hosts.Local);

        // Work for a pool that has too few threads: whoever hands it over makes the next one.
        await Task.WhenAll(Enumerable.Range(0, 64).Select(async _ =>
        {
            await client.CallAsync(Architecture.OfName("x86_64") == client.Architecture ? 39 : 172);
            Thread.Sleep(5);
        }));

        // A file that is opened now is nowhere but in the program's own table.
        await using var file = new FileStream(Environment.ProcessPath!, FileMode.Open, FileAccess.Read, FileShare.Read);
        var number = ((int)file.SafeFileHandle.DangerousGetHandle()).ToString(CultureInfo.InvariantCulture);
        var strangers = Directory.EnumerateDirectories("/proc/self/task")
            .Where(task => !File.Exists(Path.Combine(task, "fd", number)))
            .Select(NameOf)
            .Where(name => name is not null);

        strangers.Should().OnlyContain(name => name!.StartsWith("local system", StringComparison.Ordinal));
    }

    private static string? NameOf(string task)
    {
        try
        {
            return File.ReadAllText(Path.Combine(task, "comm"));
        }
        catch (IOException)
        {
            // It has ended since it was listed.
            return null;
        }
    }
}
