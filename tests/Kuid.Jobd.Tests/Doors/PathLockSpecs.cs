using System.Diagnostics;
using Kuid.Jobd.Core.Native;
using Kuid.Jobd.Doors;
using Kuid.TestKit;

namespace Kuid.Jobd.Tests.Doors;

public sealed class PathLockSpecs : IDisposable
{
    private readonly TempFolder _folder = new();

    private string File => _folder["lock"];

    [Fact]
    public void The_second_taker_gets_nothing_until_the_first_lets_go()
    {
        using (PathLock? first = PathLock.TryTake(File))
        {
            first.Should().NotBeNull();
            PathLock.TryTake(File).Should().BeNull();
            System.IO.File.Exists(File).Should().BeTrue("a refused taker leaves the file alone");
        }

        System.IO.File.Exists(File).Should().BeFalse();
        using PathLock? second = PathLock.TryTake(File);
        second.Should().NotBeNull();
    }

    [Fact]
    public void Letting_go_twice_does_not_let_go_of_the_next_ones_lock()
    {
        PathLock first = PathLock.TryTake(File)!;
        first.Dispose();
        using PathLock? second = PathLock.TryTake(File);
        first.Dispose();
        System.IO.File.Exists(File).Should().BeTrue();
        PathLock.TryTake(File).Should().BeNull();
    }

    [Fact]
    public void A_lock_whose_file_somebody_removed_does_not_remove_the_next_ones()
    {
        PathLock first = PathLock.TryTake(File)!;
        System.IO.File.Delete(File);
        using PathLock? second = PathLock.TryTake(File);
        second.Should().NotBeNull();
        first.Dispose();
        PathLock.TryTake(File).Should().BeNull();
    }

    [Fact]
    public async Task It_holds_against_other_processes()
    {
        Assert.SkipUnless(ToolRun.Exists("flock"), "flock(1) is not installed");
        using (PathLock.TryTake(File))
        {
            (await ToolRun.Of("flock", ["-n", File, "true"])).ExitCode.Should().Be(1);
        }

        (await ToolRun.Of("flock", ["-n", File, "true"])).ExitCode.Should().Be(0);
    }

    [Fact]
    public async Task Another_processs_lock_ends_with_the_process_even_when_that_is_killed()
    {
        Assert.SkipUnless(ToolRun.Exists("flock"), "flock(1) is not installed");
        using Process holder = Process.Start(new ProcessStartInfo("flock", ["--no-fork", File, "cat"])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;

        // What cat gives back says that it runs, and so that the lock is taken.
        await holder.StandardInput.WriteLineAsync("held");
        await holder.StandardInput.FlushAsync(TestContext.Current.CancellationToken);
        (await holder.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken)).Should().Be("held");
        PathLock.TryTake(File).Should().BeNull();

        holder.Kill();
        await holder.WaitForExitAsync(TestContext.Current.CancellationToken);
        using PathLock? taken = PathLock.TryTake(File);
        taken.Should().NotBeNull();
    }

    [Fact]
    public void A_file_that_a_killed_daemon_left_is_no_lock()
    {
        System.IO.File.WriteAllText(File, "left over");
        using PathLock? taken = PathLock.TryTake(File);
        taken.Should().NotBeNull();
    }

    [Fact]
    public void A_symbolic_link_in_its_place_is_refused_and_its_target_stays()
    {
        System.IO.File.WriteAllText(_folder["target"], "precious");
        System.IO.File.CreateSymbolicLink(File, _folder["target"]);
        Taking().Should().Throw<NativeException>().Which.Errno.Should().Be(Errno.ELOOP);
        System.IO.File.ReadAllText(_folder["target"]).Should().Be("precious");
    }

    [Fact]
    public void A_folder_in_its_place_or_no_folder_to_stand_in_is_an_error()
    {
        Directory.CreateDirectory(File);
        Taking().Should().Throw<NativeException>();
        FluentActions.Invoking(() => PathLock.TryTake(_folder["nowhere/lock"])).Should().Throw<NativeException>()
            .Which.Errno.Should().Be(Errno.ENOENT);
    }

    [Fact]
    public void Of_many_takers_at_once_exactly_one_gets_it()
    {
        const int Takers = 8;
        using var start = new Barrier(Takers);
        for (int round = 0; round < 50; round++)
        {
            var taken = new PathLock?[Takers];
            Race(Takers, taker =>
            {
                start.SignalAndWait();
                taken[taker] = PathLock.TryTake(File);
            });
            taken.Count(one => one is not null).Should().Be(1);
            taken.Single(one => one is not null)!.Dispose();
        }
    }

    [Fact]
    public void While_takers_come_and_go_two_never_have_it_at_once()
    {
        int holders = 0, most = 0, times = 0;
        Race(4, _ =>
        {
            while (Volatile.Read(ref times) < 2000)
            {
                if (PathLock.TryTake(File) is not { } taken)
                {
                    continue;
                }

                // Held for so long that a second holder would be seen, whoever came first.
                Interlocked.Increment(ref holders);
                for (int look = 0; look < 20; look++)
                {
                    most = Math.Max(most, Volatile.Read(ref holders));
                    Thread.SpinWait(50);
                }

                Interlocked.Increment(ref times);
                Interlocked.Decrement(ref holders);
                taken.Dispose();
            }
        });
        most.Should().Be(1);
    }

    public void Dispose() => _folder.Dispose();

    private Func<PathLock?> Taking() => () => PathLock.TryTake(File);

    private static void Race(int takers, Action<int> body)
    {
        var threads = Enumerable.Range(0, takers).Select(i => new Thread(() => body(i))).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
    }
}
