using System.Security.Cryptography;
using System.Text.Json;

namespace Kuid.Clients.Tests.Examples;

/// <summary>The examples of the clients' READMEs submit, follow and read jobs of a real daemon.</summary>
public sealed class ExampleSpecs
{
    private const int TenMegabytes = 10 * 1024 * 1024;

    public static TheoryData<Example> Examples => Example.Every;

    [Theory]
    [MemberData(nameof(Examples))]
    public void An_example_is_what_its_README_shows(Example example)
    {
        string readme = File.ReadAllText(Repository.File($"clients/{example.Language}/README.md"));

        readme.Should().Contain(File.ReadAllText(Repository.File($"clients/{example.Language}/{example.File}")));
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public async Task Ten_megabytes_of_binary_output_come_byte_for_byte(Example example)
    {
        await using TestDaemon daemon = await TestDaemon.Start();
        byte[] bytes = await BytesAsync(daemon);

        ToolRun run = await example.RunAsync("cat bytes", ("KUID_SOCKET", daemon.Folder["data/http.sock"]));

        ShouldHaveAll(run, bytes);
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public async Task A_busy_daemon_a_lost_answer_and_broken_connections_change_nothing(Example example)
    {
        await using TestDaemon daemon = await TestDaemon.Start();
        byte[] bytes = await BytesAsync(daemon);
        await using var door = new BrokenDoor(daemon.Folder["broken"], daemon.Folder["data/http.sock"]);

        // Slow enough to be followed while it writes.
        ToolRun run = await example.RunAsync(
            "for n in 0 1 2 3 4; do tail -c +$((n * 2097152 + 1)) bytes | head -c 2097152; sleep 0.1; done", ("KUID_SOCKET", door.Path));

        ShouldHaveAll(run, bytes);
        door.Faults.Should().BeGreaterThan(5, "the client met a busy daemon, lost an answer, and was cut off");
        (await JobsAsync(daemon)).Should().Be(1, "a submission that is sent again with its key is the same job");
    }

    private static async Task<byte[]> BytesAsync(TestDaemon daemon)
    {
        byte[] bytes = RandomNumberGenerator.GetBytes(TenMegabytes);
        await File.WriteAllBytesAsync(daemon.Folder["bytes"], bytes);
        return bytes;
    }

    private static void ShouldHaveAll(ToolRun run, byte[] bytes)
    {
        run.ExitCode.Should().Be(0, "it ended well: {0}", run.Stderr);
        run.Stdout.AsSpan().SequenceEqual(bytes).Should().BeTrue("every byte came once, {0} of {1}: {2}", run.Stdout.Length, bytes.Length, run.Stderr);
        run.Stderr.Should().MatchEquivalentOf("succeeded, 10485760 bytes, again*").And.MatchRegex(
            $"(?i)again the same: true|{Convert.ToHexStringLower(SHA256.HashData(bytes))}", "what was read again is the same");
    }

    private static async Task<int> JobsAsync(TestDaemon daemon)
    {
        ToolRun list = await ToolRun.Of("curl", ["-s", "--unix-socket", daemon.Folder["data/http.sock"], "http://localhost/v1/jobs"]);
        return JsonDocument.Parse(list.Stdout).RootElement.GetProperty("items").GetArrayLength();
    }
}
