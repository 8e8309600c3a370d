namespace Kuid.Cli.Tests.Pipelines;

/// <summary>Scripts: kuid eval -f, and kuid shell without a terminal.</summary>
public sealed class ScriptSpecs
{
    // Forty lines with what scripts are made of.
    private const string Forty =
        """
        # Counts what is in a folder, and says what it thinks of it.
        folder=${1:?which folder}
        limit=${2:-3}

        describe_size() {
            case $1 in
                0) echo none ;;
                1|2) echo few ;;
                *) echo many ;;
            esac
        }

        if [ ! -d "$folder" ]; then
            echo "$folder is no folder"
            exit 4
        fi

        cd "$folder"
        count=$(ls | where name != '.' and name != '..' | count)
        describe_size $count

        for file in *.txt; do
            size=$(stat $file | get 0.size)
            if [ $size -gt $limit ]; then
                echo "$file is large"
            else
                echo "$file is small"
            fi
        done

        i=0
        while [ $i -lt 3 ]; do
            i=$((i + 1))
            [ $i -eq 2 ] && continue
            echo "round $i"
        done

        cat << END | lines | sort -r
        alpha $count
        beta
        END

        ls *.txt | where size > 3 | select name size | to json
        [ $count -gt 100 ] || exit 7
        """;

    [Fact]
    public async Task A_script_of_forty_lines_runs_with_its_arguments()
    {
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(folder["script"], Forty, TestContext.Current.CancellationToken);
        Directory.CreateDirectory(folder["d"]);
        await File.WriteAllTextAsync(folder["d/a.txt"], "ab", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(folder["d/b.txt"], "abcde", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(folder["d/c"], "x", TestContext.Current.CancellationToken);

        ToolRun run = await KuidCommand.Run(["eval", "-o", "text", "-f", folder["script"], folder["d"], "3"]);

        run.Stderr.Should().BeEmpty();
        run.Text.Should().Be(
            "many\na.txt is small\nb.txt is large\nround 1\nround 3\nbeta\nalpha 3\n[{\"name\":\"b.txt\",\"size\":5}]\n");
        run.ExitCode.Should().Be(7);
        Forty.Split('\n').Should().HaveCountGreaterThanOrEqualTo(40);
    }

    [Fact]
    public async Task A_script_comes_from_standard_input_too_and_takes_all_words_behind_it()
    {
        ToolRun run = await KuidCommand.Run(["eval", "local", "-o", "text", "-f", "-", "-o", "b c"], "echo \"$#:$1:$2\""u8.ToArray());

        (run.ExitCode, run.Text, run.Stderr).Should().Be((0, "2:-o:b c\n", string.Empty));
    }

    [Fact]
    public async Task A_mistake_in_a_file_is_told_with_its_name()
    {
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(folder["s"], "echo a\nfi\n", TestContext.Current.CancellationToken);

        ToolRun run = await KuidCommand.Run(["eval", "-f", folder["s"]]);

        (run.ExitCode, run.Text).Should().Be((2, string.Empty));
        run.Stderr.Should().StartWith($"kuid: {folder["s"]}:2:1: ").And.EndWith("\nfi\n^^\n");
        (await KuidCommand.Run(["eval", "-f", folder["none"]])).Should().BeEquivalentTo(
            new { ExitCode = 125, Text = string.Empty, Stderr = $"kuid: --file {folder["none"]}: Could not find file '{folder["none"]}'.\n" });
    }

    [Fact]
    public async Task A_shell_without_a_terminal_evaluates_what_it_reads_statement_by_statement()
    {
        ToolRun run = await KuidCommand.Run(["shell", "-o", "text"], "x=1\nfor i in 1 2\ndo echo $i$x; done\nfalse\n"u8.ToArray());
        ToolRun wrong = await KuidCommand.Run(["shell", "-o", "text"], "echo a\nfi\necho b\n"u8.ToArray());
        ToolRun left = await KuidCommand.Run(["shell", "-o", "text"], "exit 4\necho b\n"u8.ToArray());
        ToolRun open = await KuidCommand.Run(["shell", "-o", "text"], "echo a\nif true"u8.ToArray());

        (run.ExitCode, run.Text, run.Stderr).Should().Be((1, "11\n21\n", string.Empty));
        (wrong.ExitCode, wrong.Text).Should().Be((2, "a\n"));
        wrong.Stderr.Should().StartWith("kuid: 1:1: ");
        (left.ExitCode, left.Text, left.Stderr).Should().Be((4, string.Empty, string.Empty));
        (open.ExitCode, open.Text).Should().Be((2, "a\n"));
    }
}
