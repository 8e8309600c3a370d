using Kuid.Jobd.Core.Descriptors;
using Kuid.Jobd.Core.Native;
using Kuid.Jobd.Core.Processes;

namespace Kuid.Jobd.Core.Tests.Descriptors;

[Collection(nameof(Alone))]
public sealed class ReactorSpecs : IDisposable
{
    private readonly Reactor _reactor = new();

    public void Dispose() => _reactor.Dispose();

    [Fact]
    public async Task It_answers_each_time_that_it_is_asked_whether_it_still_comes_by()
    {
        for (int i = 0; i < 100; i++)
        {
            await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Task.Run(_reactor.PingAsync))).WaitAsync(Reading.Limit, TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public void A_descriptor_leaves_the_epoll_set_although_a_child_still_holds_a_copy_of_it()
    {
        (Descriptor read, SafeFd write) = EpollSet.Pipe(_reactor);
        using SafeFd copy = EpollSet.Copy(read.Fd);
        string inode = EpollSet.Inode(read.Fd);
        EpollSet.Watching(inode).Should().Be(1);

        read.Dispose();

        EpollSet.Watching(inode).Should().Be(0, "close alone takes it out only with the last copy");
        write.Dispose();
    }

    [Fact]
    public async Task An_event_of_a_closed_descriptor_does_not_reach_the_one_that_got_its_number()
    {
        // What waits for the finalizer would give lower numbers free.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        (Descriptor old, SafeFd oldWrite) = EpollSet.Pipe(_reactor);
        int number = old.Fd.Number;
        using SafeFd copy = EpollSet.Copy(old.Fd);
        old.Dispose();
        (Descriptor stranger, SafeFd strangerWrite) = EpollSet.Pipe(_reactor);
        using (stranger)
        using (strangerWrite)
        {
            stranger.Fd.Number.Should().Be(number, "the lowest free number is given out, and nothing else runs here");
            Task waiting = stranger.ReadableAsync().AsTask();

            // The second descriptor's event comes after the first's would have: one thread reports both in order.
            (Descriptor witness, SafeFd witnessWrite) = EpollSet.Pipe(_reactor);
            LibcIo.Write(oldWrite, "x"u8);
            LibcIo.Write(witnessWrite, "x"u8);
            await witness.ReadableAsync().AsTask().WaitAsync(Reading.Limit);

            waiting.IsCompleted.Should().BeFalse();
            witness.Dispose();
            witnessWrite.Dispose();
            oldWrite.Dispose();
        }

        _reactor.Count.Should().Be(0);
    }

    [Fact]
    public async Task Thousands_of_pipes_beside_concurrent_spawns_each_get_their_own_byte_and_leave_no_descriptor()
    {
        const int PerTask = 1_500;
        using (var spawner = new Spawner(_reactor, InheritedEnvironment.OfThisProcess()))
        {
            // Everything that is opened once and stays is open before the count.
            await Pipes(seed: 0, count: 10);
            await Spawns(spawner, count: 4);
            IReadOnlyDictionary<string, int> before = OwnDescriptors.Count();

            await Task.WhenAll(
                Task.Run(() => Pipes(seed: 1, PerTask)), Task.Run(() => Pipes(seed: 2, PerTask)), Task.Run(() => Pipes(seed: 3, PerTask)),
                Task.Run(() => Spawns(spawner, count: 200)), Task.Run(() => Spawns(spawner, count: 200)));

            await OwnDescriptors.AreBackAt(before);
        }

        _reactor.Count.Should().Be(0);
    }

    [Fact]
    public void Disposing_twice_ends_the_thread_once()
    {
        var reactor = new Reactor();

        reactor.Dispose();
        Action again = reactor.Dispose;

        again.Should().NotThrow();
    }

    private async Task Pipes(int seed, int count)
    {
        byte[] buffer = new byte[2];
        for (int i = 0; i < count; i++)
        {
            (Descriptor read, SafeFd write) = EpollSet.Pipe(_reactor);
            using (read)
            using (write)
            {
                byte expected = (byte)(seed + (i * 7));
                Task<int> reading = read.ReadAsync(buffer).AsTask();
                reading.IsCompleted.Should().BeFalse("nothing was written yet");
                LibcIo.Write(write, [expected]);
                (await reading.WaitAsync(Reading.Limit)).Should().Be(1);
                buffer[0].Should().Be(expected);
            }
        }
    }

    private static async Task Spawns(Spawner spawner, int count)
    {
        for (int i = 0; i < count; i++)
        {
            using PipedProcess child = await spawner.SpawnAsync(Specs.Program("/bin/true"));
            await child.Exited.WaitAsync(Reading.Limit);
            child.TryReap()!.Value.Status.Succeeded.Should().BeTrue();
        }
    }
}
