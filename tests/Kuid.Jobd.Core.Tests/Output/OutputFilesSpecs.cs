using Kuid.Jobd.Core.Output;
using Kuid.TestKit;

namespace Kuid.Jobd.Core.Tests.Output;

public sealed class OutputFilesSpecs : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly OutputFiles _files;

    public OutputFilesSpecs() => _files = new OutputFiles(_folder["output"]);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1, OutputStream.Stdout, "0/1.stdout")]
    [InlineData(999, OutputStream.Stderr, "0/999.stderr")]
    [InlineData(1000, OutputStream.Stdout, "1/1000.stdout")]
    [InlineData(9_007_199_254_740_993, OutputStream.Stderr, "9007199254740/9007199254740993.stderr")]
    public void A_stream_has_its_place_in_a_folder_of_its_owners_alone(long job, OutputStream stream, string place)
    {
        string path = _files.Place(job, stream);

        path.Should().Be(_folder[$"output/{place}"]);
        File.GetUnixFileMode(Path.GetDirectoryName(path)!).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    [Fact]
    public void A_place_is_free_whatever_a_killed_daemon_left_there()
    {
        File.WriteAllText(_files.Place(1, OutputStream.Stdout), "left");

        File.Exists(_files.Place(1, OutputStream.Stdout)).Should().BeFalse();
    }

    [Fact]
    public void What_is_there_is_opened_and_what_is_not_says_so()
    {
        File.WriteAllText(_files.Place(1, OutputStream.Stdout), "there");
        byte[] bytes = new byte[10];

        using (Microsoft.Win32.SafeHandles.SafeFileHandle file = _files.Open(1, OutputStream.Stdout))
        {
            RandomAccess.Read(file, bytes, 0).Should().Be(5);
        }

        Action stderr = () => _files.Open(1, OutputStream.Stderr);
        stderr.Should().Throw<FileNotFoundException>();
        Action folder = () => _files.Open(5000, OutputStream.Stdout);
        folder.Should().Throw<DirectoryNotFoundException>();
    }

    [Fact]
    public void Both_streams_of_a_job_are_deleted_and_of_no_other()
    {
        foreach ((long job, OutputStream stream) in new[] { (1L, OutputStream.Stdout), (1, OutputStream.Stderr), (10, OutputStream.Stdout) })
        {
            File.WriteAllText(_files.Place(job, stream), "x");
        }

        _files.Delete(1);
        _files.Delete(1);
        _files.Delete(70_000);

        _files.Jobs().Should().Equal(10);
    }

    [Fact]
    public void The_jobs_are_those_that_have_files_and_strange_names_are_none()
    {
        _files.Jobs().Should().BeEmpty("not even the folder is there");
        foreach ((long job, OutputStream stream) in new[] { (1L, OutputStream.Stdout), (1, OutputStream.Stderr), (2_000, OutputStream.Stderr) })
        {
            File.WriteAllText(_files.Place(job, stream), "x");
        }

        File.WriteAllText(_folder["output/0/readme.stdout"], "x");
        File.WriteAllText(_folder["output/0/-5.stdout"], "x");
        File.WriteAllText(_folder["output/0/7.txt"], "x");

        _files.Jobs().Should().BeEquivalentTo(new long[] { 1, 2_000 });
    }
}
