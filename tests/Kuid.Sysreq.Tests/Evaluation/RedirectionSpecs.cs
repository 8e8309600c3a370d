using System.Text;
using Kuid.TestKit;

namespace Kuid.Sysreq.Tests.Evaluation;

/// <summary>Redirections to and from remote files.</summary>
public sealed class RedirectionSpecs
{
    [Theory]
    [InlineData("echo one > f; echo two >> f", "one\ntwo\n")]
    [InlineData("echo long line > f; echo short > f", "short\n")]
    [InlineData("{ echo a; echo b; } > f", "a\nb\n")]
    [InlineData("for i in 1 2; do echo $i; done > f; echo 3 >> f", "1\n2\n3\n")]
    [InlineData("g() { echo $1; }; g x > f", "x\n")]
    [InlineData("cd /nope 2> f", "cd: /nope: no such file or directory\n")]
    [InlineData("{ echo out; cd /nope; } > f 2>&1", "out\ncd: /nope: no such file or directory\n")]
    [InlineData("{ echo out; cd /nope; } &> f", "out\ncd: /nope: no such file or directory\n")]
    [InlineData("echo x 2>&1 > f", "x\n")]
    [InlineData("{ echo to errors >&2; echo out; } 2> f", "to errors\n")]
    [InlineData("> f", "")]
    [InlineData("cat > f <<E\nraw\nE", "raw\n")]
    [InlineData("x=f; echo y > $x", "y\n")]
    [InlineData("{ sleep 0.05; echo late; } > f & wait", "late\n")]
    [InlineData("{ { until [ -e go ]; do sleep 0.01; done; echo late; } & echo early; touch go; } > f", "early\nlate\n")]
    [InlineData("(cd /; echo sub) > f", "sub\n")]
    [InlineData("{ cd /; echo still here; } > f", "still here\n")]
    public async Task A_file_gets_what_is_printed(string script, string content)
    {
        using var folder = new TempFolder();
        await Shells.RunAsync($"cd {folder.Path}; {script}");
        (await File.ReadAllTextAsync(folder["f"])).Should().Be(content);
    }

    [Theory]
    [InlineData("sort < f", "a\nb\nc\n")]
    [InlineData("grep b < f | count", "1\n")]
    [InlineData("while read x; do echo \"<$x>\"; done < f", "<b>\n<a>\n<c>\n")]
    [InlineData("echo $(< f)", "b a c\n")]
    [InlineData("{ read x; sort; } < f; echo $x", "a\nc\nb\n")]
    [InlineData("sort < f > g; sort -r < g", "c\nb\na\n")]
    public async Task A_file_is_input(string script, string output)
    {
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(folder["f"], "b\na\nc\n");
        (await Shells.RunAsync($"cd {folder.Path}; {script}")).Should().Be(new Outcome(output, "", 0));
    }

    [Fact]
    public async Task Bytes_go_through_files_as_they_are()
    {
        using var folder = new TempFolder();
        byte[] bytes = [.. Enumerable.Range(0, 300_000).Select(at => (byte)(at * 7))];
        await File.WriteAllBytesAsync(folder["in"], bytes);
        await Shells.RunAsync($"cd {folder.Path}; cat < in > out; cat in | cat >> out");
        (await File.ReadAllBytesAsync(folder["out"])).Should().Equal([.. bytes, .. bytes]);
    }

    [Fact]
    public async Task Every_descriptor_is_closed_again()
    {
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(folder["f"], "x\n");
        const string Open = "ls /proc/thread-self/fd | count";
        Outcome outcome = await Shells.RunAsync(
            $"cd {folder.Path}; {Open}; for i in 1 2 3 4 5; do cat < f > g; {{ echo; cat < /nope; }} > g 2>&1; head 1 < f; done > /dev/null; {Open}");
        string[] counts = outcome.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        counts.Should().HaveCount(2).And.OnlyContain(count => count == counts[0], Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(outcome.Errors)));
    }
}
