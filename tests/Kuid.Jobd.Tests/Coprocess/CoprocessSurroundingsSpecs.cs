using System.Text;
using Kuid.Jobd.Core.Native;
using Kuid.Jobd.Core.Processes;
using Kuid.Jobd.Doors.Coprocess;
using Kuid.TestKit;

namespace Kuid.Jobd.Tests.Coprocess;

public sealed class CoprocessSurroundingsSpecs : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly CoprocessSurroundings _surroundings = new();

    [Fact]
    public void Variables_add_up_and_the_last_of_a_name_wins()
    {
        _surroundings.Set([Bytes("A=1"), Bytes("B=x=y")]).Should().Be(0);
        _surroundings.Set([Bytes("A=2")]).Should().Be(0);

        Process.Environment.Select(Text).Should().BeEquivalentTo("A=2", "B=x=y");
        Process.WorkingDirectory.Should().BeNull("the daemon's is where programs begin");
    }

    [Fact]
    public void More_variables_than_a_program_can_be_given_are_too_many()
    {
        byte[] large = [.. "A="u8, .. new byte[900_000]];
        _surroundings.Set([large]).Should().Be(0);

        _surroundings.Set([[.. "B="u8, .. new byte[900_000]]]).Should().Be(Errno.E2BIG);

        Process.Environment.Should().ContainSingle();
    }

    [Fact]
    public void A_directory_is_looked_up_when_it_is_entered_and_a_relative_one_begins_there()
    {
        Directory.CreateDirectory(_folder["a/b"]);
        Directory.CreateSymbolicLink(_folder["link"], _folder["a/b"]);

        _surroundings.Enter(Bytes(_folder.Path)).Should().Be(0);
        _surroundings.Enter(Bytes("link")).Should().Be(0);
        Text(Process.WorkingDirectory!).Should().Be(_folder["a/b"]);
        _surroundings.Enter(Bytes("..")).Should().Be(0);
        Text(Process.WorkingDirectory!).Should().Be(_folder["a"]);
    }

    [Fact]
    public void A_directory_that_cannot_be_entered_changes_nothing()
    {
        File.WriteAllText(_folder["file"], "");
        _surroundings.Enter(Bytes(_folder.Path)).Should().Be(0);

        _surroundings.Enter(Bytes("file")).Should().Be(20, "it is ENOTDIR");
        _surroundings.Enter(Bytes("none")).Should().Be(Errno.ENOENT);
        _surroundings.Enter(Bytes(new string('x', 300))).Should().Be(36, "it is ENAMETOOLONG");

        Text(Process.WorkingDirectory!).Should().Be(_folder.Path);
    }

    [Fact]
    public async Task A_name_of_any_bytes_is_a_directory()
    {
        await ToolRun.Of("sh", ["-c", "mkdir \"$(printf '\\377')\""], workingDirectory: _folder.Path);

        _surroundings.Enter([.. Bytes(_folder.Path), (byte)'/', 0xff]).Should().Be(0);

        Process.WorkingDirectory.Should().Equal([.. Bytes(_folder.Path), (byte)'/', 0xff]);

        // .NET cannot remove what it cannot spell.
        await ToolRun.Of("sh", ["-c", "rmdir \"$(printf '\\377')\""], workingDirectory: _folder.Path);
    }

    public void Dispose() => _folder.Dispose();

    private ProcessSpec Process => _surroundings.Process([Bytes("true")]);

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static string Text(byte[] bytes) => Encoding.UTF8.GetString(bytes);
}
