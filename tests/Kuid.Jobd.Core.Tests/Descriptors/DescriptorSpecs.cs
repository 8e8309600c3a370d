using Kuid.Jobd.Core.Descriptors;
using Kuid.Jobd.Core.Native;

namespace Kuid.Jobd.Core.Tests.Descriptors;

public sealed class DescriptorSpecs : IDisposable
{
    private readonly Reactor _reactor = new();

    public void Dispose() => _reactor.Dispose();

    [Fact]
    public async Task An_edge_between_would_block_and_wait_is_not_lost()
    {
        const int Total = 200_000;
        (Descriptor read, SafeFd write) = EpollSet.Pipe(_reactor);
        using (read)
        {
            // Small writes with pauses of every length between them, so that the reader is caught at each of its steps.
            Task writing = Task.Run(() =>
            {
                byte[] piece = [1, 2, 3, 4];
                for (int i = 0; i < Total / piece.Length; i++)
                {
                    LibcIo.Write(write, piece);
                    Thread.SpinWait(i % 300);
                }

                write.Dispose();
            });

            string all = await read.ReadToEnd();

            await writing;
            all.Should().HaveLength(Total);
        }
    }

    [Fact]
    public async Task Whoever_waits_for_little_goes_on_on_the_thread_of_all_and_for_much_on_one_for_that()
    {
        (SafeFd readEnd, SafeFd writeEnd) = LibcIo.Pipe();
        LibcIo.MakeNonBlocking(readEnd);
        using var read = new Descriptor(_reactor, readEnd, EpollEvents.In, Wakes.AtOnce);
        using (writeEnd)
        {
            (await WokenOn(read, writeEnd, 1)).Should().Be("kuid-reactor");
            (await WokenOn(read, writeEnd, 60_000)).Should().Be("kuid-reactor");
            read.IsForLittle.Should().BeTrue();

            await WokenOn(read, writeEnd, 60_000);
            read.IsForLittle.Should().BeFalse();

            (await WokenOn(read, writeEnd, 1)).Should().Be("kuid-bulk");
        }
    }

    private static async Task<string?> WokenOn(Descriptor read, SafeFd write, int bytes)
    {
        Task<string?> waiting = WaitAndRead();
        LibcIo.Write(write, new byte[bytes]).Should().Be(bytes);
        return await waiting.WaitAsync(Reading.Limit);

        async Task<string?> WaitAndRead()
        {
            byte[] buffer = new byte[bytes];
            int sum = 0;
            string? thread = null;
            while (sum < bytes)
            {
                await read.ReadableAsync();
                thread ??= Thread.CurrentThread.Name;
                int n;
                while ((n = read.TryRead(buffer)) > 0)
                {
                    sum += n;
                }
            }

            // Whoever waits for this is not to go on here.
            await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            return thread;
        }
    }

    [Fact]
    public async Task A_writer_gets_everything_through_a_pipe_whose_reader_is_slow()
    {
        byte[] bytes = [.. Enumerable.Range(0, 1_000_000).Select(i => (byte)(i % 251))];
        (SafeFd readEnd, SafeFd writeEnd) = LibcIo.Pipe();
        LibcIo.MakeNonBlocking(writeEnd);
        using var write = new Descriptor(_reactor, writeEnd, EpollEvents.Out);
        Task<byte[]> reading = Task.Run(() =>
        {
            using var all = new MemoryStream();
            byte[] buffer = new byte[997];
            int n;
            while ((n = LibcIo.Read(readEnd, buffer)) > 0)
            {
                all.Write(buffer, 0, n);
            }

            return all.ToArray();
        });

        await write.WriteAsync(bytes).AsTask().WaitAsync(Reading.Limit);
        write.Dispose();

        (await reading.WaitAsync(Reading.Limit)).Should().Equal(bytes);
        readEnd.Dispose();
    }

    [Fact]
    public async Task A_read_that_waits_can_be_cancelled_and_repeated()
    {
        (Descriptor read, SafeFd write) = EpollSet.Pipe(_reactor);
        using (read)
        using (write)
        {
            using var cancellation = new CancellationTokenSource();
            byte[] buffer = new byte[10];
            Task<int> reading = read.ReadAsync(buffer, cancellation.Token).AsTask();

            await cancellation.CancelAsync();
            Func<Task> wait = () => reading.WaitAsync(Reading.Limit);
            await wait.Should().ThrowAsync<OperationCanceledException>();
            LibcIo.Write(write, "abc"u8);

            (await read.ReadAsync(buffer).AsTask().WaitAsync(Reading.Limit)).Should().Be(3);
        }
    }

    [Fact]
    public async Task A_reader_that_waits_is_woken_by_dispose_and_finds_the_descriptor_closed()
    {
        (Descriptor read, SafeFd write) = EpollSet.Pipe(_reactor);
        using (write)
        {
            Task<int> reading = read.ReadAsync(new byte[10]).AsTask();

            read.Dispose();

            Func<Task> wait = () => reading.WaitAsync(Reading.Limit);
            await wait.Should().ThrowAsync<ObjectDisposedException>();
            _reactor.Count.Should().Be(0);
        }
    }

    [Fact]
    public async Task The_hang_up_of_the_last_writer_is_the_end_of_the_stream()
    {
        (Descriptor read, SafeFd write) = EpollSet.Pipe(_reactor);
        using (read)
        {
            Task<int> reading = read.ReadAsync(new byte[10]).AsTask();
            reading.IsCompleted.Should().BeFalse();

            write.Dispose();

            (await reading.WaitAsync(Reading.Limit)).Should().Be(0);
            await read.HungUp.WaitAsync(Reading.Limit);
        }
    }

    [Fact]
    public async Task A_writer_whose_reader_is_gone_gets_EPIPE()
    {
        (SafeFd readEnd, SafeFd writeEnd) = LibcIo.Pipe();
        LibcIo.MakeNonBlocking(writeEnd);
        using var write = new Descriptor(_reactor, writeEnd, EpollEvents.Out);
        Task writing = write.WriteAsync(new byte[1_000_000]).AsTask();
        writing.IsCompleted.Should().BeFalse("the pipe is full");

        readEnd.Dispose();

        Func<Task> wait = () => writing.WaitAsync(Reading.Limit);
        (await wait.Should().ThrowAsync<NativeException>()).Which.Errno.Should().Be(Errno.EPIPE);
    }

    [Fact]
    public void A_descriptor_that_epoll_refuses_stays_the_callers()
    {
        using Microsoft.Win32.SafeHandles.SafeFileHandle file = File.OpenHandle(typeof(DescriptorSpecs).Assembly.Location);
        using var borrowed = new SafeFd((int)file.DangerousGetHandle());

        Action register = () => _ = new Descriptor(_reactor, borrowed, EpollEvents.In);

        register.Should().Throw<NativeException>("epoll takes no regular files").WithMessage("epoll_ctl add*");
        _reactor.Count.Should().Be(0);
        borrowed.SetHandleAsInvalid();
    }
}
