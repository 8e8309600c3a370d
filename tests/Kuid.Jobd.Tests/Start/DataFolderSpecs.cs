using Kuid.Jobd.Core.Native;
using Kuid.TestKit;

namespace Kuid.Jobd.Tests.Start;

public sealed class DataFolderSpecs : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode OpenToOthers = OwnerOnly | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    private readonly TempFolder _temp = new();

    private string Folder => _temp["data"];

    [Fact]
    public void A_new_folder_is_its_owners_alone_and_so_are_its_parents_made_if_need_be()
    {
        string deep = _temp["a/b/data"];
        using var folder = DataFolder.Open(deep);
        File.GetUnixFileMode(deep).Should().Be(OwnerOnly);
        folder.Path.Should().Be(deep);
        folder.LogFile.Should().Be(Path.Combine(deep, "jobd.log"));
        folder.Spool.Should().Be(Path.Combine(deep, "spool"));
    }

    [Fact]
    public void An_empty_folder_that_is_open_to_others_is_closed_to_them()
    {
        Make(OpenToOthers);
        using var folder = DataFolder.Open(Folder);
        File.GetUnixFileMode(Folder).Should().Be(OwnerOnly);
    }

    [Fact]
    public void A_folder_of_ours_that_was_opened_to_others_is_closed_again()
    {
        Make(OpenToOthers, "jobd.log", "other");
        using var folder = DataFolder.Open(Folder);
        File.GetUnixFileMode(Folder).Should().Be(OwnerOnly);
    }

    [Fact]
    public void A_private_folder_with_other_things_in_it_is_taken()
    {
        Make(OwnerOnly, "other");
        using var folder = DataFolder.Open(Folder);
        File.Exists(Path.Combine(Folder, "other")).Should().BeTrue();
    }

    [Fact]
    public void A_folder_that_others_use_is_refused_and_stays_as_it_is()
    {
        Make(OpenToOthers, "theirs");
        Refusal(Folder, ExitCode.Usage).Should().Contain("open to others");
        File.GetUnixFileMode(Folder).Should().Be(OpenToOthers);
        Directory.EnumerateFileSystemEntries(Folder).Should().Equal(Path.Combine(Folder, "theirs"));
    }

    [Fact]
    public async Task Another_users_folder_is_refused()
    {
        string theirs = "/usr";
        if (LibcFiles.EffectiveUserId() == 0)
        {
            theirs = Folder;
            Make(OwnerOnly);
            (await ToolRun.Of("chown", ["65534", theirs])).ExitCode.Should().Be(0);
        }

        Refusal(theirs, ExitCode.Usage).Should().MatchRegex("belongs to user [0-9]+");
    }

    [Fact]
    public void A_second_daemon_is_refused_as_long_as_the_first_has_it()
    {
        using (DataFolder.Open(Folder))
        {
            Refusal(Folder, ExitCode.AlreadyRunning).Should().Contain("another kuid-jobd").And.Contain("--data");
        }

        using var next = DataFolder.Open(Folder);
        next.Path.Should().Be(Folder);
    }

    [Fact]
    public void A_file_in_its_place_is_the_systems_refusal()
    {
        File.WriteAllText(Folder, "a file");
        Refusal(Folder, ExitCode.System);
        File.ReadAllText(Folder).Should().Be("a file");
    }

    public void Dispose() => _temp.Dispose();

    private void Make(UnixFileMode mode, params string[] files)
    {
        Directory.CreateDirectory(Folder);
        foreach (string file in files)
        {
            File.WriteAllText(Path.Combine(Folder, file), string.Empty);
        }

        File.SetUnixFileMode(Folder, mode);
    }

    private static string Refusal(string path, int exitCode)
    {
        StartException refusal = FluentActions.Invoking(() => DataFolder.Open(path)).Should().Throw<StartException>().Which;
        refusal.ExitCode.Should().Be(exitCode);
        refusal.Message.Should().Contain(path);
        return refusal.Message;
    }
}
