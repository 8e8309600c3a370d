namespace Kuid.Sockproc.Tests.Jobs;

/// <summary>A script that the daemon ends does not come to its next command.</summary>
public sealed class EndedScriptSpecs
{
    [Fact]
    public async Task After_too_much_output_nothing_more_of_the_script_runs()
    {
        await using TestDaemon daemon = await TestDaemon.Start(["--sockproc-output-bytes", "10000"]);
        string marker = daemon.Folder["next"];

        // Repeated, because the moment between the full pipe and the signal would be short.
        for (int round = 0; round < 40; round++)
        {
            Reply reply = await daemon.Run($"head -c 300000 /dev/zero; echo went on >> {marker}");
            reply.Status.Should().Be(-1);
            reply.Error.Should().Be("kuid-jobd: the output cannot be kept: more than 10000 bytes of output; the command was ended");
        }

        File.Exists(marker).Should().BeFalse();
    }

    [Fact]
    public async Task The_spool_folder_may_vanish_and_comes_back()
    {
        await using TestDaemon daemon = await TestDaemon.Start();
        Directory.Delete(daemon.Folder["data/spool"], recursive: true);

        Reply reply = await daemon.Run("head -c 1000000 /dev/zero");

        reply.Status.Should().Be(0);
        reply.Stdout.Should().HaveCount(1_000_000);
    }
}
