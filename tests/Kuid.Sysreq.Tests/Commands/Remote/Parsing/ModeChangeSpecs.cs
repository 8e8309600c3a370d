using Kuid.Sysreq.Pipeline.Commands.Remote.Parsing;
using Kuid.TestKit;

namespace Kuid.Sysreq.Tests.Commands.Remote.Parsing;

/// <summary>How chmod's MODE changes permissions, compared with what chmod of the system makes of it.</summary>
public sealed class ModeChangeSpecs
{
    private const uint Mask = 0x12;

    public static TheoryData<string> Changes => new(
        "0", "7", "644", "0755", "4755", "7777", "u+x", "g-w", "o=r", "a+rw", "+x", "-w", "=r", "=", "u=", "ug+s", "+t", "o-t", "u+s,g+s",
        "u=rwx,g=rx,o=", "a=rX", "+X", "g=u", "o=g", "u=o,g+u", "go-rwx", "u+rw-x", "a=r,u+w", "ug=rwx+s", "u-s", "g-s", "o+s", "u+t");

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task A_file_gets_what_chmod_gives_it(string change)
    {
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(folder["f"], "");
        foreach (var before in new uint[] { 0, 0x1A4, 0x1ED, 0x9B6, 0xFFF })
        {
            File.SetUnixFileMode(folder["f"], (UnixFileMode)before);
            var run = await ToolRun.Of("sh", ["-c", "umask 022; chmod -- \"$0\" \"$1\"", change, folder["f"]]);

            // It says when the mask has taken away what the words ask for, and has done it all the same.
            run.Stderr.Should().Match(said => said == "" || said.Contains("new permissions are", StringComparison.Ordinal));
            ModeChange.Parse(change)!.Apply(0x8000 | before, isDirectory: false, Mask).Should()
                .Be((uint)File.GetUnixFileMode(folder["f"]), "{0} of {1}", change, Convert.ToString(before, 8));
        }
    }

    [Theory]
    [InlineData("u+X")]
    [InlineData("a=rX")]
    [InlineData("g=rx")]
    [InlineData("=")]
    [InlineData("g-s")]
    [InlineData("ug=s")]
    [InlineData("+t")]
    public async Task A_directory_gets_what_chmod_gives_it(string change)
    {
        using var folder = new TempFolder();
        foreach (var before in new uint[] { 0x1C0, 0xDC0, 0xFFF })
        {
            Directory.CreateDirectory(folder["d"]);
            File.SetUnixFileMode(folder["d"], (UnixFileMode)before);
            await ToolRun.Of("sh", ["-c", "umask 022; chmod -- \"$0\" \"$1\"", change, folder["d"]]);

            ModeChange.Parse(change)!.Apply(0x4000 | before, isDirectory: true, Mask).Should()
                .Be((uint)File.GetUnixFileMode(folder["d"]), "{0} of {1}", change, Convert.ToString(before, 8));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("8")]
    [InlineData("10000")]
    [InlineData("777777777777777777777777")]
    [InlineData("u")]
    [InlineData("ug")]
    [InlineData("u+q")]
    [InlineData("x+u")]
    [InlineData("u+rw,")]
    [InlineData(",u+r")]
    [InlineData("u+ug")]
    [InlineData("rw")]
    public void What_is_no_change_is_none(string text) => ModeChange.Parse(text).Should().BeNull();
}
