namespace Kuid.Services.Tests;

/// <summary>SIGHUP to <c>kuid advertise</c>.</summary>
public sealed class ReloadSpecs
{
    [Fact]
    public async Task A_broken_file_changes_nothing_and_the_line_is_quoted_and_a_good_one_changes_the_names_without_a_call_being_cut()
    {
        await using ServicesDaemon daemon = await ServicesDaemon.Start();
        TempFolder folder = daemon.Daemon.Folder;
        string slow = AdvertiseCommand.Program(folder, "slow", "#!/bin/sh\necho ready; read word; echo \"$word\"\n");
        string quick = AdvertiseCommand.Program(folder, "quick", "#!/bin/sh\necho quick\n");
        await using AdvertiseCommand subserver = AdvertiseCommand.Start(folder, daemon.Registry, $"[one]\npath = {slow}\n[two]\npath = {quick}\n");
        await subserver.Says("two is offered");
        using Caller caller = await daemon.Connect();
        await caller.Send("one\n\n\n");
        await caller.ReadLine();
        (await caller.ReadLine()).Should().Be("ready");

        subserver.Write($"[one]\npath = {slow}\npty = perhaps\n");
        await subserver.Signal("HUP");
        await subserver.Says(":3: \"pty = perhaps\": allowed: true, false; nothing has changed");
        (await daemon.Call("two\n\n\n")).Should().Be("quick\n");

        subserver.Write($"[two]\npath = {quick}\n[three]\npath = {quick}\n");
        await subserver.Signal("HUP");
        await subserver.Says("three is offered");
        await daemon.Gone("one");
        (await daemon.Call("one\n")).Should().Be("error: there is no service \"one\"\n");
        (await daemon.Call("two\n\n\n")).Should().Be("quick\n");
        (await daemon.Call("three\n\n\n")).Should().Be("quick\n");
        await caller.Send("whole\n");
        (await caller.ReadToEnd()).Should().Be("whole\n");
    }
}
