using Kuid.Jobd.Core.Descriptors;
using Kuid.Jobd.Core.Keeping;
using Kuid.Jobd.Core.Processes;
using Kuid.Jobd.Core.Processes.Trees;
using Kuid.Jobd.Core.Storage;
using Kuid.TestKit;

namespace Kuid.Jobd.Core.Tests.Keeping;

/// <summary>What a log alone says of a process that may be alive.</summary>
public sealed class AdoptionSpecs : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly Reactor _reactor = new();

    public void Dispose()
    {
        _reactor.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task An_empty_log_of_nobody_is_no_process() => (await Adopt([])).Should().BeNull();

    [Fact]
    public async Task A_log_without_a_keeper_is_adopted_for_what_it_has_and_nobody_is_signalled()
    {
        using KeptProcess? process = await Adopt(RecordLogFile.Whole().Bytes);

        process!.KeeperGone.IsCompleted.Should().BeTrue();
        process.IsOfThisBoot.Should().BeFalse();
        process.SignalGroup(SignalNames.SIGKILL).Should().BeFalse();
    }

    [Fact]
    public async Task A_process_with_the_number_of_the_job_and_another_start_is_a_stranger()
    {
        ProcessIdentity self = ProcessIdentities.Of(Environment.ProcessId)!;
        byte[] log = new RecordLogFile().Started(1, 1, Environment.ProcessId, self.StartTicks + 1, self.BootId).Bytes;

        using KeptProcess? process = await Adopt(log);

        // This test would not come here.
        process!.IsOfThisBoot.Should().BeTrue();
        process.SignalGroup(SignalNames.SIGKILL).Should().BeFalse();
    }

    [Fact]
    public async Task A_log_that_begins_with_something_else_is_a_fault()
    {
        byte[] log = new RecordLogFile().Add(KeeperRecordType.Stdout, "x"u8).Bytes;

        await FluentActions.Awaiting(() => Adopt(log)).Should().ThrowAsync<InvalidDataException>();
    }

    private async Task<KeptProcess?> Adopt(byte[] bytes)
    {
        await File.WriteAllBytesAsync(_folder["7.1"], bytes);
        KeeperLogReader log = new KeeperFolder(_folder.Path).Open(7, 1)!;
        try
        {
            return await KeptProcess.AdoptAsync(log, _reactor, NoTrees.Instance, TimeProvider.System);
        }
        finally
        {
            // The object would close it; a second time does no harm.
            if (bytes.Length == 0)
            {
                log.Dispose();
            }
        }
    }
}
