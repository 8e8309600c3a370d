using System.Text;
using Kuid.Sysreq.Pipeline;
using Kuid.TestKit;

namespace Kuid.Sysreq.Tests.Evaluation;

/// <summary>What words become, beyond what bash is asked about.</summary>
public sealed class ExpansionSpecs
{
    [Fact]
    public async Task Names_that_are_no_text_go_through_patterns_variables_and_loops()
    {
        using var folder = new TempFolder();
        Outcome made = await Shells.RunAsync($"cd {folder.Path}; echo content > $'b\\xff\\xfe'; echo other > 'é'");
        made.Errors.Should().BeEmpty();
        Outcome outcome = await Shells.RunAsync(
            $"cd {folder.Path}; for f in *; do x=$f; cat \"$x\"; echo ${{#x}}; cat ${{x%?}}*; done; cat b[!a-z]?; case $(ls | where inode > 0 | head 0) in '') echo none;; esac");
        outcome.Should().Be(new Outcome("content\n3\ncontent\nother\n1\ncontent\nother\ncontent\nnone\n", "", 0));

        // The framework cannot remove a name that is no text.
        (await Shells.RunAsync($"cd {folder.Path}; rm *; ls | count")).Output.Should().Be("2\n");
    }

    [Fact]
    public async Task Tildes_are_the_directories_of_users()
    {
        var options = new SessionOptions { Environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["HOME"] = "/home/x y" } };
        Outcome outcome = await Shells.RunAsync("for w in ~ ~/a '~' a~ ~nobodyhere; do echo \"$w\"; done; p=a:~:~/b; echo \"$p\"; echo ~root", options);
        string root = (await File.ReadAllLinesAsync("/etc/passwd")).First(line => line.StartsWith("root:", StringComparison.Ordinal)).Split(':')[5];
        outcome.Output.Should().Be($"/home/x y\n/home/x y/a\n~\na~\n~nobodyhere\na:/home/x y:/home/x y/b\n{root}\n");
    }

    [Theory]
    [InlineData("echo ${1}${11}-$#", "ak-11\n")]
    [InlineData("shift 9; echo $*", "j k\n")]
    [InlineData("f() { echo $#; }; f \"$@\"; f \"$*\"; f $@", "11\n1\n11\n")]
    [InlineData("echo $0", "kuid\n")]
    public async Task Arguments_come_from_the_options_of_the_session(string script, string output)
    {
        var options = new SessionOptions { Arguments = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k"] };
        (await Shells.RunAsync(script, options)).Should().Be(new Outcome(output, "", 0));
    }

    [Fact]
    public async Task Patterns_come_in_the_order_of_their_bytes()
    {
        using var folder = new TempFolder();
        foreach (string name in new[] { "b", "B", "a", "é", "a-b", "ab", "\U0001F600" })
        {
            await File.WriteAllTextAsync(folder[name], "");
        }

        Outcome outcome = await Shells.RunAsync($"cd {folder.Path}; echo *");
        outcome.Output.Should().Be("B a a-b ab b é \U0001F600\n");
    }

    [Fact]
    public async Task Double_stars_go_through_directories()
    {
        using var folder = new TempFolder();
        Directory.CreateDirectory(folder["x/y/z"]);
        Directory.CreateDirectory(folder[".git/y"]);
        foreach (string name in new[] { "1.cs", "x/2.cs", "x/y/z/3.cs", ".git/4.cs", "x/.5.cs" })
        {
            await File.WriteAllTextAsync(folder[name], "");
        }

        Outcome outcome = await Shells.RunAsync($"cd {folder.Path}; echo **/*.cs; echo x/**/z; echo {folder.Path}/**/3*");
        outcome.Output.Should().Be($"1.cs x/2.cs x/y/z/3.cs\nx/y/z\n{folder.Path}/x/y/z/3.cs\n");
    }

    [Fact]
    public async Task A_substitution_that_gives_too_much_is_refused()
    {
        using var folder = new TempFolder();
        await using (FileStream file = File.Create(folder["large"]))
        {
            file.SetLength(65L * 1024 * 1024);
        }

        Outcome outcome = await Shells.RunAsync($"x=$(cat {folder["large"]}); echo $?");
        outcome.Should().Be(new Outcome("1\n", "cat: a substitution gives more than 67108864 bytes\n", 0));
    }

    [Fact]
    public async Task A_name_that_is_no_text_is_an_argument_of_bytes()
    {
        Outcome outcome = await Shells.RunAsync("echo $'\\xff' | to json");
        outcome.Output.TrimEnd().Should().Be("[{\"string\":{\"b64\":\"" + Convert.ToBase64String([0xff]) + "\"}}]");
        Encoding.UTF8.GetByteCount(outcome.Errors).Should().Be(0);
    }
}
