using System.Text;
using Kuid.Sysreq.Remote;
using Kuid.TestKit;

namespace Kuid.Sysreq.Tests.Remote;

/// <summary>Files and directories, on every kind of system.</summary>
public sealed class FileSpecs
{
    public static TheoryData<string> Everywhere => Hosts.All;

    [Theory, MemberData(nameof(Everywhere))]
    public async Task A_file_is_written_appended_to_and_read_back(string host)
    {
        using var folder = new TempFolder();
        await using var client = await Hosts.ConnectAsync(host);
        var system = new RemoteSystem(client);

        await system.WriteFileAsync(folder["hello"], Chunks("one\n", "", "two\n"), mode: 0x1A0);
        await system.WriteFileAsync(folder["hello"], Chunks("three\n"), append: true);

        Encoding.UTF8.GetString((await system.ReadFileAsync(folder["hello"])).Span).Should().Be("one\ntwo\nthree\n");
        File.ReadAllText(folder["hello"]).Should().Be("one\ntwo\nthree\n");
    }

    [Theory, MemberData(nameof(Everywhere))]
    public async Task Bytes_of_a_large_file_come_back_as_they_are(string host)
    {
        using var folder = new TempFolder();
        await using var client = await Hosts.ConnectAsync(host);
        var system = new RemoteSystem(client);
        var bytes = new byte[700_001];
        new Random(1).NextBytes(bytes);

        var descriptor = await system.OpenAsync(folder["large"], OpenFlags.Write | OpenFlags.Create | OpenFlags.Exclusive);
        await system.WriteAsync(descriptor, bytes);
        await system.CloseAsync(descriptor);

        File.ReadAllBytes(folder["large"]).AsSpan().SequenceEqual(bytes).Should().BeTrue("every byte was written");
        (await system.ReadFileAsync(folder["large"])).Span.SequenceEqual(bytes).Should().BeTrue("every byte was read");
        (await system.ReadFileAsync(folder["large"], limit: 1000)).Span.SequenceEqual(bytes.AsSpan(0, 1000)).Should().BeTrue();
    }

    [Theory, MemberData(nameof(Everywhere))]
    public async Task A_directory_lists_its_names_whatever_their_bytes_and_number(string host)
    {
        using var folder = new TempFolder();
        await using var client = await Hosts.ConnectAsync(host);
        var system = new RemoteSystem(client);
        byte[] strange = [.. Encoding.UTF8.GetBytes(folder["name-"]), 0xFF, 0x0A, 0x1B];
        await system.WriteFileAsync(strange, Chunks("x"));
        await system.MakeDirectoryAsync(folder["sub"]);
        await system.SymlinkAsync("sub", folder["link"]);
        for (var i = 0; i < 1500; i++)
            File.WriteAllBytes(folder[$"file-with-a-rather-long-name-{i:d4}"], []);

        var entries = new List<DirectoryEntry>();
        await foreach (var entry in system.ListAsync(folder.Path))
            entries.Add(entry);

        entries.Should().HaveCount(1505);
        entries.Select(entry => entry.Name).Should().OnlyHaveUniqueItems();
        entries.Single(entry => entry.Name.ToString() == "name-\\xff\\n\\x1b").Kind.Should().Be(FileKind.Regular);
        entries.Single(entry => entry.Name == "sub").Kind.Should().Be(FileKind.Directory);
        entries.Single(entry => entry.Name == "link").Kind.Should().Be(FileKind.SymbolicLink);
        (await system.ReadLinkAsync(folder["link"])).ToString().Should().Be("sub");

        // The framework, which empties the folder, cannot name this one.
        await system.UnlinkAsync(strange);
    }

    [Theory, MemberData(nameof(Everywhere))]
    public async Task A_listing_that_is_left_early_closes_its_directory(string host)
    {
        await using var client = await Hosts.ConnectAsync(host);
        var system = new RemoteSystem(client);
        var before = await system.OpenAsync("/", OpenFlags.Read);
        await system.CloseAsync(before);

        await foreach (var _ in system.ListAsync("/proc"))
            break;

        (await system.OpenAsync("/", OpenFlags.Read)).Should().Be(before);
    }

    [Theory, MemberData(nameof(Everywhere))]
    public async Task Names_are_changed_and_removed(string host)
    {
        using var folder = new TempFolder();
        await using var client = await Hosts.ConnectAsync(host);
        var system = new RemoteSystem(client);
        File.WriteAllText(folder["a"], "text");

        await system.LinkAsync(folder["a"], folder["b"]);
        await system.RenameAsync(folder["a"], folder["c"]);
        await system.TruncateAsync(folder["c"], 2);
        var removed = await system.UnlinkAllAsync([folder["b"], folder["never"], folder["c"]]);

        removed.Select(error => error?.ErrnoName).Should().Equal(null, "ENOENT", null);
        Directory.EnumerateFileSystemEntries(folder.Path).Should().BeEmpty();
    }

    [Theory, MemberData(nameof(Everywhere))]
    public async Task An_error_names_the_call_the_path_and_the_reason(string host)
    {
        await using var client = await Hosts.ConnectAsync(host);
        var system = new RemoteSystem(client);

        var opening = () => system.OpenAsync("/nope", OpenFlags.Read);
        var listing = async () => await system.ListAsync("/proc/version").GetAsyncEnumerator().MoveNextAsync();

        (await opening.Should().ThrowAsync<SysreqException>()).WithMessage("openat(\"/nope\"): ENOENT, no such file or directory");
        (await listing.Should().ThrowAsync<SysreqException>()).Which.Error.Should().Be(Errno.ENOTDIR);
        (await system.WorkingDirectoryAsync()).IsEmpty.Should().BeFalse("the connection goes on");
    }

    [Theory, MemberData(nameof(Everywhere))]
    public async Task The_current_folder_is_the_connections_own(string host)
    {
        var before = Environment.CurrentDirectory;
        await using var one = await Hosts.ConnectAsync(host);
        await using var other = await Hosts.ConnectAsync(host);

        await new RemoteSystem(one).ChangeDirectoryAsync("/proc");
        await new RemoteSystem(other).ChangeDirectoryAsync("/usr");

        (await new RemoteSystem(one).WorkingDirectoryAsync()).ToString().Should().Be("/proc");
        (await new RemoteSystem(other).WorkingDirectoryAsync()).ToString().Should().Be("/usr");
        Environment.CurrentDirectory.Should().Be(before);
    }

    internal static async IAsyncEnumerable<ReadOnlyMemory<byte>> Chunks(params string[] texts)
    {
        foreach (var text in texts)
        {
            await Task.Yield();
            yield return Encoding.UTF8.GetBytes(text);
        }
    }
}
