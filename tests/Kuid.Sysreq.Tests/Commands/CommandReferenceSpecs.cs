using Kuid.Sysreq.Grammar;
using Kuid.Sysreq.Grammar.Tree;
using Kuid.Sysreq.Pipeline.Commands;
using Kuid.TestKit;

namespace Kuid.Sysreq.Tests.Commands;

public sealed class CommandReferenceSpecs
{
    private static readonly string Page = Repository.File("Kuid.Sysreq/Commands.md");

    public static TheoryData<string> Names => [.. CommandTable.All.Select(command => command.Name)];

    [Fact]
    public void The_page_says_what_the_commands_say()
    {
        if (Environment.GetEnvironmentVariable("KUID_WRITE") == "1")
            File.WriteAllText(Page, CommandReference.Markdown());

        File.ReadAllText(Page).Should().Be(
            CommandReference.Markdown(), "KUID_WRITE=1 dotnet test tests/Kuid.Sysreq.Tests --filter CommandReferenceSpecs writes the page again");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_command_has_its_help(string name)
    {
        CommandHelp help = CommandTable.Find(name)!.Help;

        help.Synopsis.Should().StartWith(name);
        help.Summary.Should().EndWith(".");
        help.Remarks.Should().Match(remarks => remarks.Length == 0 || remarks.EndsWith('.'));
        help.Options.All(option => option.Option.StartsWith('-') && option.Meaning.Length > 0).Should().BeTrue("options begin with a dash and mean something");
        help.Examples.Should().NotBeEmpty();
        (help.ColumnsRemark is not null && help.Columns.Count > 0).Should().BeFalse("a page can say only one of the two");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_example_can_be_read_and_calls_commands_that_there_are(string name)
    {
        IReadOnlyList<string> examples = CommandTable.Find(name)!.Help.Examples;

        foreach (string called in examples.SelectMany(example => CallsOf(ScriptParser.Parse(example))))
            CommandTable.Find(called).Should().NotBeNull($"{called} is called by an example of {name}");

        examples.Should().Contain(example => example.Contains(name, StringComparison.Ordinal), "an example of a command shows it");
    }

    // Of the pipelines that stand in no compound; those inside are read, and no more.
    private static IEnumerable<string> CallsOf(Script script) =>
        from statement in script.Statements
        from pipeline in statement.List.Rest.Select(tail => tail.Pipeline).Prepend(statement.List.First)
        from stage in pipeline.Stages
        let call = stage.Command as SimpleCommand
        where call is { Words: [{ Parts: [LiteralPart] }, ..] }
        select ((LiteralPart)call.Words[0].Parts[0]).Text;
}
