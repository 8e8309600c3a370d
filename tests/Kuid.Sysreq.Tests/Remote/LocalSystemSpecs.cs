using System.Text;
using Kuid.Sysreq.Remote;
using Kuid.TestKit;

namespace Kuid.Sysreq.Tests.Remote;

/// <summary>System calls of the test's own process, by which most of the library can be tried without a server.</summary>
public sealed class LocalSystemSpecs
{
    [Fact]
    public async Task A_file_is_written_and_read_back()
    {
        using var folder = new TempFolder();
        await using var client = await Local.ConnectAsync();
        var system = new RemoteSystem(client);
        ByteString path = Path.Combine(folder.Path, "hello");

        await system.WriteFileAsync(path, Chunks("one\n", "two\n"));
        await system.WriteFileAsync(path, Chunks("three\n"), append: true);

        Encoding.UTF8.GetString((await system.ReadFileAsync(path)).Span).Should().Be("one\ntwo\nthree\n");
        File.ReadAllText(path.ToString()).Should().Be("one\ntwo\nthree\n");
    }

    [Fact]
    public async Task Two_connections_have_folders_of_their_own_and_the_process_keeps_its()
    {
        var before = Environment.CurrentDirectory;
        await using var one = await Local.ConnectAsync();
        await using var other = await Local.ConnectAsync();

        await new RemoteSystem(one).ChangeDirectoryAsync("/proc");
        await new RemoteSystem(other).ChangeDirectoryAsync("/sys");

        (await new RemoteSystem(one).WorkingDirectoryAsync()).Should().Be((ByteString)"/proc");
        (await new RemoteSystem(other).WorkingDirectoryAsync()).Should().Be((ByteString)"/sys");
        Environment.CurrentDirectory.Should().Be(before);
    }

    private static async IAsyncEnumerable<ReadOnlyMemory<byte>> Chunks(params string[] texts)
    {
        foreach (var text in texts)
        {
            await Task.Yield();
            yield return Encoding.UTF8.GetBytes(text);
        }
    }
}
