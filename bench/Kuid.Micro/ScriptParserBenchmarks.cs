using BenchmarkDotNet.Attributes;
using Kuid.Sysreq.Grammar;
using Kuid.Sysreq.Grammar.Parsing;
using Kuid.Sysreq.Grammar.Tree;

namespace Kuid.Micro;

/// <summary>What it takes to read pipelines: their tokens, and the tree.</summary>
[MemoryDiagnoser]
public class ScriptParserBenchmarks
{
    private const string Words = "echo one \"two $HOME\" 'three' four{5,6} > out/$name.txt && cat < in | sort -r | head 10; ls *.log";
    private const string Line = "ls /var/log | where size > 4096 and name != \"syslog\" | sort size | select name size mtime";

    private const string Script = """
        # Sorts what is in a folder by its kind and writes a report.
        kind_of() {
            local name=$1
            case $name in
                *.log|*.log.[0-9]) echo log ;;
                *.conf)            echo settings ;;
                *)                 if [ -d "$name" ]; then echo folder; else echo other; fi ;;
            esac
        }

        total=0 skipped=0
        for file in * .hidden; do
            if kind=$(kind_of "$file"); then
                if [ "$kind" = log ]; then
                    n=$(lines < "$file" | count) && total=$((total + n))
                    echo "$kind: $file ($n)" >> report
                fi
            else
                skipped=$((skipped + 1))
            fi
        done
        (cd sub && echo "in ${PWD##*/}: $(ls | where dtype == 8 | count)") >> report || echo failed
        cat >> report <<END
        total $total, skipped $skipped
        END
        sort < report
        """;

    private readonly string _long = string.Join('\n', Enumerable.Repeat(Script, 50));

    /// <summary>The tokens alone, of a line of 100 characters.</summary>
    [Benchmark(Description = "tokens of a line")]
    public int Tokens()
    {
        var lexer = new Lexer(new ParseState(Words));
        int count = 0;
        while (lexer.Next().Kind != TokenKind.End)
        {
            count++;
        }

        return count;
    }

    /// <summary>A pipeline of four commands.</summary>
    [Benchmark(Description = "a pipeline of 4 commands")]
    public Script Pipeline() => ScriptParser.Parse(Line);

    /// <summary>Functions, loops, substitutions and a here-document.</summary>
    [Benchmark(Description = "a script of 26 lines")]
    public Script Lines() => ScriptParser.Parse(Script);

    /// <summary>The time has to grow with the length, and no faster.</summary>
    [Benchmark(Description = "50 such scripts in one")]
    public Script ManyLines() => ScriptParser.Parse(_long);

    /// <summary>What Tab in <c>kuid shell</c> asks at the end of the pipeline.</summary>
    [Benchmark(Description = "completion of the pipeline")]
    public CompletionContext Completion() => ScriptParser.ContextAt(Line, Line.Length);
}
