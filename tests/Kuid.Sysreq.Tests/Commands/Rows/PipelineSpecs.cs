using Kuid.Sysreq.Tests.Evaluation;
using Kuid.TestKit;

namespace Kuid.Sysreq.Tests.Commands.Rows;

/// <summary>Row commands in whole scripts, over files of this machine.</summary>
public sealed class PipelineSpecs : IDisposable
{
    private readonly TempFolder _folder = new();

    public PipelineSpecs()
    {
        foreach ((string name, int size) in new[] { ("a", 10), ("b", 3000), ("c", 2000), ("d", 4000) })
            File.WriteAllText(PathOf(name), new string('x', size));

        File.WriteAllText(PathOf("people.json"), "[{\"name\":\"ann\",\"age\":41},{\"name\":\"bob\",\"age\":7},{\"name\":\"eve\"}]");
        File.WriteAllText(PathOf("words"), "10 pears\n9 apples\n10 pears\n\n9 apples\n");
    }

    [Theory]
    [InlineData("ls | where size > 1KB and dtype != 'dir' | sort -r size | head 2 | select name size | to json", "[{\"name\":\"d\",\"size\":4000},{\"name\":\"b\",\"size\":3000}]\n")]
    [InlineData("ls | where size > 1KB and dtype == 'file' | rename size bytes | where bytes < 3KB | select name bytes", "c\t2000\n")]
    [InlineData("ls | where dtype == 'file' and name =~ '^[a-d]$' | sum size | to ruby", "[:sum_size]\n[9010]\n")]
    [InlineData("ls | grep name '^[cd]$' | sort | select name | to ruby", "[:name]\n[\"c\"]\n[\"d\"]\n")]
    [InlineData("cat words | sort -n | uniq -c | to tsv", "count\tline\n1\t\n2\t9 apples\n2\t10 pears\n")]
    [InlineData("cat words | where line != '' | group line | sort -r count line | head 1", "9 apples\t2\n")]
    [InlineData("grep ^9 < words", "9 apples\n9 apples\n")]
    [InlineData("wc < words; cat words | wc -l; ls | grep -e '^people' name | wc -l", "5\t8\t37\n5\n1\n")]
    [InlineData("cat people.json | from json | where age > 30 | select name age", "ann\t41\n")]
    [InlineData("cat people.json | from json name | sort -r name | to jsonl", "{\"name\":\"eve\"}\n{\"name\":\"bob\"}\n{\"name\":\"ann\"}\n")]
    [InlineData("cat people.json | from json | to table", "name  age\nann    41\nbob     7\nname\neve\n")]
    [InlineData("limit=2500; ls | where size > $limit and size < 100KB and dtype == 'file' | sort | select name", "b\nd\n")]
    [InlineData("print b a c | sort | get 1", "b\n")]
    [InlineData("ls | describe | where kind == 'size' and on_demand | select column | sort | first", "blksize\n")]
    public async Task A_pipeline_gives_what_it_says(string script, string output) => (await RunAsync(script)).Should().Be(new Outcome(output, "", 0));

    [Theory]
    [InlineData("ls | grep nothing-like-this", "", 1)]
    [InlineData("ls | where sise > 1KB", "where: the input has no column sise (did you mean size?); it has name, inode and dtype, and on demand ", 2)]
    [InlineData("ls | sort -z", "sort: there is no option -z; there are -r and -n\n", 2)]
    [InlineData("sort", "sort: needs rows to work on, as in ls | sort\n", 2)]
    [InlineData("cat words | from json", "from: this is no JSON: line 1, byte 4: ", 1)]
    public async Task A_pipeline_that_cannot_be_says_why(string script, string errors, int status)
    {
        Outcome outcome = await RunAsync(script);

        (errors.Length == 0 ? outcome.Errors : outcome.Errors[..Math.Min(errors.Length, outcome.Errors.Length)]).Should().Be(errors);
        outcome.Status.Should().Be(status);
    }

    public void Dispose() => _folder.Dispose();

    private Task<Outcome> RunAsync(string script) => Shells.RunAsync(script, new() { Directory = _folder.Path });

    private string PathOf(string name) => Path.Combine(_folder.Path, name);
}
