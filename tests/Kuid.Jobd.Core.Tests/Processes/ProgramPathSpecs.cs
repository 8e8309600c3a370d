using System.Text;
using Kuid.Jobd.Core.Processes;

namespace Kuid.Jobd.Core.Tests.Processes;

public sealed class ProgramPathSpecs
{
    [Theory]
    [InlineData("ls", "/a:/b", "/a/ls /b/ls")]
    [InlineData("ls", ":/b:", "ls /b/ls ls")]
    [InlineData("ls", "", "ls")]
    [InlineData("./ls", "/a:/b", "./ls")]
    [InlineData("/x/ls", "/a:/b", "/x/ls")]
    [InlineData("sub/ls", "/a:/b", "sub/ls")]
    [InlineData("", "/a:/b", "")]
    public void A_name_without_a_slash_is_looked_for_on_the_path_as_execvp_does(string program, string path, string candidates) =>
        Candidates(program, "A=1", $"PATH={path}", "PATH=/second/is/not/used").Should().Equal(candidates.Split(' '));

    [Fact]
    public void Without_a_path_the_systems_default_is_used() =>
        Candidates("ls", "XPATH=/a", "PATHX=/b").Should().Equal("/bin/ls", "/usr/bin/ls");

    [Fact]
    public void A_path_of_any_bytes_stays_these_bytes()
    {
        byte[] directory = [(byte)'/', 0xff, 0xfe];

        ProgramPath.Candidates([0x80], [[.. "PATH="u8, .. directory]]).Should().BeEquivalentTo(
            [(byte[])[.. directory, (byte)'/', 0x80]]);
    }

    private static string[] Candidates(string program, params string[] environment) =>
        [.. ProgramPath.Candidates(Specs.Bytes(program), [.. environment.Select(Specs.Bytes)]).Select(Encoding.UTF8.GetString)];
}
