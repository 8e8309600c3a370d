using Kuid.TestKit;

namespace Kuid.Sysreq.Tests.Evaluation;

/// <summary>Scripts as people write them, and the examples that the language comes from.</summary>
public sealed class WholeScriptSpecs
{
    private const string Report = """
        # Sorts what is in a folder by its kind and writes a report.
        kind_of() {
            local name=$1
            case $name in
                *.log|*.log.[0-9]) echo log ;;
                *.conf)            echo settings ;;
                .*)                return 1 ;;
                *)                 if [ -d "$name" ]; then echo folder; else echo other; fi ;;
            esac
        }

        count_lines() {
            [ $# -eq 1 ] || { echo "count_lines: one file, not $#" >&2; return 2; }
            lines < "$1" | count
        }

        total=0 skipped=0
        for file in * .hidden; do
            if kind=$(kind_of "$file"); then
                if [ "$kind" = log ]; then
                    n=$(count_lines "$file") && total=$((total + n))
                    echo "$kind: $file ($n)" >> report
                elif ! [ "$kind" = folder ]; then
                    echo "$kind: ${file%.*}" >> report
                fi
            else
                skipped=$((skipped + 1))
            fi
        done

        (cd sub && echo "in ${PWD##*/}: $(ls | where dtype == 8 | count)") >> report || echo failed
        count_lines a b || echo "status $?"
        i=0
        while true; do
            i=$((i + 1))
            [ $i -lt 3 ] || break
        done
        cat >> report <<END
        total $total, skipped $skipped, rounds $i
        END
        [ "$(pwd)" = "$HOME" ] && echo "still at home"
        sort < report
        """;

    [Fact]
    public async Task A_script_of_forty_lines_does_its_work()
    {
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(folder["app.log"], "one\ntwo\n");
        await File.WriteAllTextAsync(folder["app.log.1"], "three\n");
        await File.WriteAllTextAsync(folder["my app.conf"], "x\n");
        await File.WriteAllTextAsync(folder[".hidden"], "");
        Directory.CreateDirectory(folder["sub"]);
        await File.WriteAllTextAsync(folder["sub/inner"], "");
        Outcome outcome = await Shells.RunAsync(Report, new Pipeline.SessionOptions
        {
            Directory = folder.Path,
            Environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["HOME"] = folder.Path },
        });
        outcome.Should().Be(new Outcome(
            """
            status 2
            still at home
            in sub: 1
            log: app.log (2)
            log: app.log.1 (1)
            settings: my app
            total 3, skipped 1, rounds 3

            """,
            "count_lines: one file, not 2\n",
            0));
    }

    [Fact]
    public async Task The_examples_of_the_original_print_what_they_printed()
    {
        Outcome processes = await Shells.RunAsync("ps | xargs pstat | where pid == 1 | select pid rss comm | to ruby");
        processes.Output.Should().MatchRegex("^\\[:pid, :rss, :comm\\]\n\\[1, \\d+, \".*\"\\]\n$");

        Outcome name = await Shells.RunAsync("uname | select nodename | to ruby");
        name.Output.Should().Be($"[:nodename]\n[\"{Environment.MachineName}\"]\n");

        Outcome one = await Shells.RunAsync("pstat 1 | to ruby");
        one.Output.Should().StartWith("[:pid, :comm, :state, :ppid, :pgid, :sid, :tty,").And.Contain("\n[1, \"");

        Outcome list = await Shells.RunAsync("cd /; ls | sort | to ruby");
        list.Output.Should().MatchRegex("^\\[:name, :inode, :dtype\\]\n\\[\"\\.\", \\d+, 4\\]\n\\[\"\\.\\.\", \\d+, 4\\]\n");
    }
}
