using Kuid.Jobd.Core.Output;
using Kuid.TestKit;

namespace Kuid.Jobd.Core.Tests.Output;

public sealed class SpoolSpaceSpecs : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void All_memory_is_given_back_and_every_file_vanishes_with_the_log() => OutputCase.Check(c =>
    {
        SpoolSpace space = c.Space(_folder.Path);
        var log = new OutputLog(space, TimeProvider.System, c.Limit);
        var model = new OutputModel(c.Limit);
        foreach (Piece piece in c.Pieces)
        {
            log.Append(piece.Stream, model.Append(piece));
        }

        Directory.EnumerateFileSystemEntries(_folder.Path).Should().BeEmpty("the files have no names");
        Microsoft.Win32.SafeHandles.SafeFileHandle?[] files = [.. OutputModel.Streams.Select(log.WholeFile)];
        log.Dispose();
        log.Dispose();

        files.Should().OnlyContain(file => file == null || file.IsClosed);
        space.TryTakeMemory(c.MemoryInAll).Should().BeTrue("all memory is there again");
        space.TryTakeMemory(1).Should().BeFalse("no more than all memory is there");
    });

    [Fact]
    public void Streams_share_the_memory_and_the_one_that_gets_none_goes_to_a_file()
    {
        var space = new SpoolSpace(_folder.Path, memoryPerStream: 64 * 1024, memoryInAll: 8192);
        using var first = new OutputLog(space, TimeProvider.System, limit: null);
        using var second = new OutputLog(space, TimeProvider.System, limit: null);
        byte[] bytes = new byte[8000];

        first.Append(OutputStream.Stdout, bytes);
        second.Append(OutputStream.Stdout, bytes);
        first.WholeFile(OutputStream.Stdout).Should().BeNull();
        second.WholeFile(OutputStream.Stdout).Should().NotBeNull();

        first.Append(OutputStream.Stdout, bytes);
        first.WholeFile(OutputStream.Stdout).Should().NotBeNull("it has outgrown the memory and given it back");
        using var third = new OutputLog(space, TimeProvider.System, limit: null);
        third.Append(OutputStream.Stdout, bytes);
        third.WholeFile(OutputStream.Stdout).Should().BeNull();
    }

    [Fact]
    public void A_folder_that_cannot_be_is_an_IO_exception_that_names_it()
    {
        File.WriteAllText(_folder["file"], string.Empty);
        string impossible = _folder["file/spool"];
        using var log = new OutputLog(new SpoolSpace(impossible, memoryPerStream: 0), TimeProvider.System, limit: null);

        Action append = () => log.Append(OutputStream.Stdout, "a"u8);

        append.Should().Throw<IOException>().WithMessage($"*{impossible}*");
        log.Produced(OutputStream.Stdout).Should().Be(0);
    }

    [Fact]
    public void A_folder_that_has_gone_comes_back_with_the_next_file()
    {
        using var log = new OutputLog(new SpoolSpace(_folder["gone"], memoryPerStream: 0), TimeProvider.System, limit: null);

        log.Append(OutputStream.Stdout, "a"u8);

        log.Produced(OutputStream.Stdout).Should().Be(1);
    }

    [Fact]
    public async Task A_full_disk_is_an_IO_exception_and_what_was_kept_stays_readable()
    {
        string mountPoint = Directory.CreateDirectory(_folder["small"]).FullName;
        ToolRun mount = await ToolRun.Of("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", mountPoint]);
        Assert.SkipUnless(mount.ExitCode == 0, "mounting a small tmpfs needs root and CAP_SYS_ADMIN");
        try
        {
            using var log = new OutputLog(new SpoolSpace(mountPoint, memoryPerStream: 0), TimeProvider.System, limit: null);
            byte[] bytes = [.. Enumerable.Range(0, 4096).Select(i => OutputModel.ByteAt(OutputStream.Stdout, i))];
            Action fill = () =>
            {
                for (int i = 0; i < 32; i++)
                {
                    log.Append(OutputStream.Stdout, bytes);
                }
            };

            fill.Should().Throw<IOException>();
            log.AllKept(OutputStream.Stdout).Should().HaveCountGreaterThan(32 * 1024).And.StartWith(bytes);
            log.Complete();
            log.FollowAsync().ToBlockingEnumerable().Sum(chunk => chunk.Bytes.Length).Should().Be((int)log.Produced(OutputStream.Stdout));
        }
        finally
        {
            // A process that another test has just started holds a copy of each descriptor until it executes its program.
            await Eventually.Holds(async () => (await ToolRun.Of("umount", [mountPoint])).ExitCode == 0, "it can be unmounted");
        }
    }

    [Fact]
    public void Preparing_removes_what_a_killed_daemon_left_and_nothing_else_and_keeps_the_folder_to_its_owner()
    {
        string folder = _folder["spool"];
        new SpoolSpace(folder).Prepare();
        File.WriteAllText(Path.Combine(folder, "kuid-output-left"), "x");
        File.WriteAllText(Path.Combine(folder, "precious"), "x");

        new SpoolSpace(folder).Prepare();

        Directory.EnumerateFileSystemEntries(folder).Should().Equal(Path.Combine(folder, "precious"));
        File.GetUnixFileMode(folder).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
