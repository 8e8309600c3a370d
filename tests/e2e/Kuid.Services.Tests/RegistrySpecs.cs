using Kuid.Jobd.Core.Services;

namespace Kuid.Services.Tests;

public sealed class RegistrySpecs
{
    private static readonly ServiceDefinition Date = new() { Name = "date" };

    [Fact]
    public async Task A_name_is_the_first_ones_until_it_leaves_and_then_the_next_ones_who_did_not_have_to_ask_again()
    {
        await using ServicesDaemon daemon = await ServicesDaemon.Start();
        StubSubserver first = await StubSubserver.Start(daemon.Registry, Date);
        await using StubSubserver second = await StubSubserver.Start(daemon.Registry);
        await second.Offer(Date);

        RegistryMessage taken = await second.Next();
        (taken.Verb, taken.Text(0)).Should().Be((RegistryVerb.Taken, "date"));
        taken.Text(1).Should().Be((await ToolRun.Of("id", ["-u"])).Text.Trim());

        await first.DisposeAsync();

        RegistryMessage granted = await second.Next();
        (granted.Verb, granted.Text(0)).Should().Be((RegistryVerb.Granted, "date"));
        using Caller caller = await daemon.Connect();
        await caller.Send("date\n\n\n");
        using StubCall call = await second.Call();
        call.Service.Should().Be("date");
    }

    [Fact]
    public async Task An_offer_replaces_the_one_before_and_cuts_no_call()
    {
        await using ServicesDaemon daemon = await ServicesDaemon.Start();
        await using StubSubserver subserver = await StubSubserver.Start(daemon.Registry, Date, new ServiceDefinition { Name = "old" });
        using Caller caller = await daemon.Connect();
        await caller.Send("old\n\n\n");
        using StubCall call = await subserver.Call();
        await subserver.Offer(Date, new ServiceDefinition { Name = "new" });
        (await subserver.Next()).Text(0).Should().Be("date");
        (await subserver.Next()).Text(0).Should().Be("new");

        await daemon.Gone("old");
        (await daemon.Call("old\n")).Should().StartWith("error: there is no service");
        await call.Stream.Send("still here");
        await call.Ended(0);
        call.Dispose();
        (await caller.ReadToEnd()).Should().EndWith("still here");
    }

    [Fact]
    public async Task An_offer_that_is_wrong_is_refused_with_the_reason_and_changes_nothing()
    {
        await using ServicesDaemon daemon = await ServicesDaemon.Start();
        await using StubSubserver subserver = await StubSubserver.Start(daemon.Registry, Date);
        await subserver.Send(RegistryMessage.Of(RegistryVerb.Offer, """{"services":[{"name":"a b"}]}"""));

        RegistryMessage refused = await subserver.Next();
        refused.Verb.Should().Be(RegistryVerb.Refused);
        refused.Text(0).Should().StartWith("the name \"a b\" is not allowed");
        using Caller caller = await daemon.Connect();
        await caller.Send("date\n\n\n");
        using StubCall call = await subserver.Call();
    }

    [Fact]
    public async Task What_is_no_message_closes_the_connection_and_the_others_stay()
    {
        await using ServicesDaemon daemon = await ServicesDaemon.Start();
        await using StubSubserver subserver = await StubSubserver.Start(daemon.Registry, Date);
        await using StubSubserver broken = await StubSubserver.Start(daemon.Registry);
        await broken.Send(RegistryMessage.Of("NONSENSE"));

        Func<Task> next = broken.Next;
        await next.Should().ThrowAsync<System.Threading.Channels.ChannelClosedException>();
        await Eventually.Holds(() => daemon.Daemon.Log.Contains("\"NONSENSE\" is no message", StringComparison.Ordinal), "the daemon has said so");
        using Caller caller = await daemon.Connect();
        await caller.Send("date\n\n\n");
        using StubCall call = await subserver.Call();
    }

    [Fact]
    public async Task A_daemon_needs_no_sockproc_address_where_there_are_services()
    {
        using var folder = new TempFolder();
        ToolRun run = await ToolRun.Of(
            "timeout", ["60", Repository.Daemon, "--data", folder["data"], "--services", folder["services"]]);
        run.ExitCode.Should().Be(0, run.Stderr);
        File.Exists(folder["data/registry.sock"]).Should().BeTrue();
        string pid = File.ReadAllText(folder["data/jobd.log"]).Split("ready, pid ")[1].Split(',')[0];
        await ToolRun.Of("kill", [pid]);
        await Eventually.Holds(() => !File.Exists(folder["services"]), "it has stopped");
        await Eventually.Holds(() => !Directory.Exists("/proc/" + pid), "it has ended");
    }

    [Fact]
    public async Task A_registry_that_another_users_killed_daemon_has_left_is_taken_over()
    {
        Assert.SkipUnless(Environment.UserName == "root", "it takes root to leave the socket of another user");
        using var folder = new TempFolder();
        string registry = folder["registry"];
        await using (ServicesDaemon before = await ServicesDaemon.Start(["--services-registry", registry]))
        {
            await before.Daemon.Kill();
        }

        await ToolRun.Of("chown", ["65534", registry, registry + ".lock"]);

        await using ServicesDaemon daemon = await ServicesDaemon.Start(["--services-registry", registry]);
        File.Exists(registry).Should().BeTrue();
        (await ToolRun.Of("stat", ["-c", "%u", registry])).Text.Trim().Should().Be("0");
    }
}
