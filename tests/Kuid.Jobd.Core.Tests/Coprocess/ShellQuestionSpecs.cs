using System.Text.Json;
using System.Text.Json.Nodes;

namespace Kuid.Jobd.Core.Tests.Coprocess;

/// <summary>The state and the completions, which the shell itself is asked for.</summary>
public sealed class ShellQuestionSpecs
{
    public static TheoryData<string> Shells => TestShell.Shells;

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task A_dump_has_the_status_the_directory_the_variables_and_the_options(string name)
    {
        await using TestShell shell = await TestShell.StartAsync(name);
        await shell.Run("cd /usr; simple=plain; hard=\"it's \\\"a\\\" \\\\ \nline two\t$(printf '\\303\\244')\"; equal=a=b; empty=; f() { :; }; set -C; (exit 7)");

        JsonNode dump = JsonNode.Parse(await shell.Shell.DumpAsync())!;

        ((int)dump["status"]!).Should().Be(7);
        ((string)dump["cwd"]!).Should().Be("/usr");
        JsonNode variables = dump["variables"]!;
        ((string)variables["simple"]!).Should().Be("plain");
        ((string)variables["hard"]!).Should().Be("it's \"a\" \\ \nline two\t\u00e4");
        ((string)variables["equal"]!).Should().Be("a=b");
        ((string)variables["empty"]!).Should().BeEmpty();
        ((string)variables["HOME"]!).Should().Be(shell.Folder.Path);
        ((bool)dump["options"]!["noclobber"]!).Should().BeTrue();
        ((bool)dump["options"]!["errexit"]!).Should().BeFalse();
        (await shell.Run("echo $?")).Stdout.Should().Be("7\n", "looking changes nothing");
    }

    [Fact]
    public async Task Arrays_of_bash_are_objects()
    {
        await using TestShell shell = await TestShell.StartAsync("bash");
        await shell.Run("list=(one 'two words' $'three\\n\"quoted\"'); declare -A map=([a key]=value); shopt -s extglob");

        JsonNode dump = JsonNode.Parse(await shell.Shell.DumpAsync())!;

        dump["variables"]!["list"]!.ToJsonString().Should().Be(new JsonObject { ["0"] = "one", ["1"] = "two words", ["2"] = "three\n\"quoted\"" }.ToJsonString());
        dump["variables"]!["map"]!.ToJsonString().Should().Be("{\"a key\":\"value\"}");
        ((bool)dump["options"]!["extglob"]!).Should().BeTrue();
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task A_dump_is_given_with_any_options_set(string name)
    {
        await using TestShell shell = await TestShell.StartAsync(name);
        await shell.Run("set -efuxv; x=1");

        JsonNode dump = JsonNode.Parse(await shell.Shell.DumpAsync())!;

        ((string)dump["variables"]!["x"]!).Should().Be("1");
        foreach (string option in new[] { "errexit", "noglob", "nounset", "xtrace", "verbose" })
        {
            ((bool)dump["options"]![option]!).Should().BeTrue(option);
        }

        (await Complete(shell, "cat $HOM")).Should().Contain("$HOME");
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task Paths_are_completed_where_the_session_is(string name)
    {
        await using TestShell shell = await TestShell.StartAsync(name);
        foreach (string file in new[] { "alpha one", "alpha'two", "beta" })
        {
            await File.WriteAllTextAsync(shell.Folder[file], "");
        }

        Directory.CreateDirectory(shell.Folder["alphabet"]);
        await shell.Run("cd; false");

        (await Complete(shell, "cat al")).Should().Equal("alpha one", "alpha'two", "alphabet/");
        (await Complete(shell, "cat 'alpha o")).Should().Equal("alpha one");
        (await Complete(shell, "cat alpha\\ ")).Should().Equal("alpha one");
        (await Complete(shell, "true && cat <be")).Should().Equal("beta");
        (await Complete(shell, "ls ~/be")).Should().Equal("~/beta");
        (await Complete(shell, $"ls {shell.Folder.Path}/b")).Should().Equal($"{shell.Folder.Path}/beta");
        (await Complete(shell, "cat zzz")).Should().BeEmpty();
        (await shell.Run("echo $?")).Stdout.Should().Be("1\n");
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task Commands_are_those_of_the_path_the_shell_and_its_aliases(string name)
    {
        await using TestShell shell = await TestShell.StartAsync(name);
        await File.WriteAllTextAsync(shell.Folder["tool-of-mine"], "#!/bin/sh\n");
        await shell.Run("chmod +x $HOME/tool-of-mine; echo >$HOME/tool-not; PATH=$PATH:$HOME; alias tool-alias='ls'; tool_function() { :; }");

        (await Complete(shell, "echo x | tool-")).Should().Equal("tool-alias", "tool-of-mine");
        (await Complete(shell, "ech")).Should().Contain("echo");
        (await Complete(shell, "if tru")).Should().Contain("true");
        if (name == "bash")
        {
            (await Complete(shell, "tool_")).Should().Equal("tool_function");
        }
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task Variables_keep_what_is_in_front_of_them(string name)
    {
        await using TestShell shell = await TestShell.StartAsync(name);
        await shell.Run("mine_one=1; mine_two=2");

        (await Complete(shell, "echo $mine_")).Should().Equal("$mine_one", "$mine_two");
        (await Complete(shell, "echo \"a${mine_o")).Should().Equal("a${mine_one}");
        (await Complete(shell, "echo '$mine_")).Should().BeEmpty("a dollar in single quotes is none");
    }

    private static async Task<string[]> Complete(TestShell shell, string text) =>
        JsonSerializer.Deserialize<string[]>(await shell.Shell.CompleteAsync(Specs.Bytes(text)).WaitAsync(Reading.Limit))!;
}
