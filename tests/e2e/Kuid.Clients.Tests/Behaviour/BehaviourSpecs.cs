using System.Globalization;
using Kuid.Client;

namespace Kuid.Clients.Tests.Behaviour;

/// <summary>The same small program in each language, line by line: it says the same in all of them.</summary>
public sealed class BehaviourSpecs
{
    private const string Expected = """
        submit: invalid
        get: notfound
        cancel: canceled
        list: True
        stderr: trouble
        offset: ble
        truncated: missing
        key: True
        other: ok

        """;

    [Theory]
    [InlineData("python3", "behaviour.py")]
    [InlineData("dash", "behaviour.sh")]
    [InlineData("bash", "behaviour.sh")]
    [InlineData("node", "behaviour.mjs")]
    public async Task A_client_behaves(string program, string file)
    {
        Assert.SkipUnless(ToolRun.Exists(program), $"{program} is not installed");
        string script = Repository.File($"tests/e2e/Kuid.Clients.Tests/Behaviour/{file}");
        if (program == "node")
        {
            NodeTools.SkipUnlessInstalled();
            await ExampleBuilds.TypeScript;
        }

        await using TestDaemon daemon = await TestDaemon.Start();

        // Node finds the package by its own name from within the package alone.
        ToolRun run = await ToolRun.Of(
            program,
            program == "node" ? ["--input-type=module"] : [script],
            stdin: program == "node" ? await File.ReadAllBytesAsync(script) : default,
            environment: new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                ["KUID_SOCKET"] = daemon.Folder["data/http.sock"],
                ["KUID_URL"] = null,
                ["KUID_TOKEN_FILE"] = null,
                ["PYTHONPATH"] = Repository.File("clients/python"),
                ["PYTHONDONTWRITEBYTECODE"] = "1",
            },
            workingDirectory: program == "node" ? Repository.File("clients/typescript") : Repository.Root,
            limit: TimeSpan.FromMinutes(5));

        run.Text.Should().Be(Expected, "{0}", run.Stderr);
        run.ExitCode.Should().Be(0);
    }

    [Fact]
    public async Task The_client_for_csharp_behaves()
    {
        await using TestDaemon daemon = await TestDaemon.Start();
        using KuidClient kuid = KuidClient.AtSocket(daemon.Folder["data/http.sock"]);
        var said = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };

        async Task Say(string what, Task<string> value) => await said.WriteLineAsync($"{what}: {await value}");
        await Say("submit", Refusal(() => kuid.SubmitAsync(new JobSubmission { Command = string.Empty })));
        await Say("get", Refusal(() => kuid.GetAsync(4711)));

        Job job = await kuid.SubmitAsync(new JobSubmission { Command = "sleep 600" });
        await kuid.CancelAsync(job.Id);
        await Say("cancel", Task.FromResult($"{(await kuid.WaitAsync(job.Id)).State}".ToLowerInvariant()));

        var failed = new List<long>();
        for (int n = 0; n < 3; n++)
        {
            failed.Insert(0, (await kuid.SubmitAsync(new JobSubmission { Command = "echo trouble >&2; exit 3" }, waitSeconds: 60)).Id);
        }

        var listed = new List<long>();
        await foreach (Job each in kuid.ListAsync([JobState.Failed, JobState.Lost]))
        {
            listed.Add(each.Id);
        }

        await Say("list", Task.FromResult($"{listed.SequenceEqual(failed)}"));
        await Say("stderr", Text(kuid.ReadAsync(failed[0], OutputStream.Stderr)));
        await Say("offset", Text(kuid.ReadAsync(failed[0], OutputStream.Both, 4)));

        Job large = await kuid.SubmitAsync(new JobSubmission { Command = "seq 1 100000", MaxOutputBytes = 1000 }, waitSeconds: 60);
        Func<Task> follow = () => Text(kuid.FollowAsync(large.Id));
        await follow.Should().ThrowAsync<OutputMissingException>();
        await Say("truncated", Task.FromResult("missing"));

        Job first = await kuid.SubmitAsync(new JobSubmission { Command = "true" }, key: "the-same");
        Job second = await kuid.SubmitAsync(new JobSubmission { Command = "true" }, key: "the-same");
        await Say("key", Task.FromResult($"{first.Id == second.Id}"));
        await Say("other", Task.FromResult($"{(await kuid.Api.GetHealthAsync()).Result.Status}".ToLowerInvariant()));

        said.ToString().Should().Be(Expected);
    }

    private static async Task<string> Refusal(Func<Task> call)
    {
        try
        {
            await call();
            return "nothing";
        }
        catch (KuidApiException<Problem> e)
        {
            return e.Result.Code;
        }
    }

    private static async Task<string> Text(IAsyncEnumerable<ReadOnlyMemory<byte>> pieces)
    {
        var text = new MemoryStream();
        await foreach (ReadOnlyMemory<byte> piece in pieces)
        {
            text.Write(piece.Span);
        }

        return System.Text.Encoding.UTF8.GetString(text.ToArray()).Trim();
    }
}
