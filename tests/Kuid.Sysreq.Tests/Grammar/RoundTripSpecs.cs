using FsCheck;
using FsCheck.Fluent;
using Kuid.Sysreq.Grammar;
using Kuid.Sysreq.Grammar.Tree;
using Kuid.TestKit;

namespace Kuid.Sysreq.Tests.Grammar;

/// <summary>Any tree, printed and read again.</summary>
public sealed class RoundTripSpecs
{
    [Fact]
    public void Every_tree_is_printed_as_a_source_that_reads_as_the_same_tree_and_prints_the_same()
    {
        var seeds = Gen.Choose(0, int.MaxValue);
        Arbitrary<Script> scripts = Arb.From(seeds.Select(seed => new ScriptGenerator(new Dice(1, seed)).Script()), Trees.Smaller);
        Prop.ForAll(scripts, script =>
        {
            string printed = script.ToString();
            Script read = ScriptParser.Parse(printed);
            return read.Equals(script) && read.ToString() == printed;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(5_000));
    }

    [Fact]
    public void Every_node_knows_the_stretch_of_the_source_that_it_was_read_from()
    {
        for (int round = 0; round < 1_000; round++)
        {
            string source = new ScriptGenerator(new Dice(3, round)).Script().ToString();
            Script script = ScriptParser.Parse(source);

            // The text of a here-document stands elsewhere, the inside of backticks otherwise than it is printed.
            SyntaxNode[] nodes = [.. Trees.All(script)];
            if (!nodes.Any(node => node is HereDocument or CommandSubstitutionPart { IsBackticked: true }))
            {
                foreach (SyntaxNode node in nodes)
                {
                    string stretch = source[node.Span.Start.Offset..node.Span.End.Offset];
                    string printed = node is IfClause && stretch.StartsWith("el", StringComparison.Ordinal) ? $"el{node}" : node.ToString();
                    stretch.Trim(' ', ';').Should().Be(printed.Trim(' ', ';'), $"a {node.GetType().Name} stands in {source}");
                }
            }
        }
    }

    [Fact]
    public void The_generated_trees_have_every_type_of_node_and_every_value_of_every_kind()
    {
        SyntaxNode[] nodes = [.. Enumerable.Range(0, 3_000).SelectMany(round => Trees.All(new ScriptGenerator(new Dice(2, round)).Script()))];
        nodes.Select(node => node.GetType()).Distinct().Should().BeEquivalentTo(Trees.Types);
        nodes.OfType<Redirection>().Select(node => node.Kind).Distinct().Should().BeEquivalentTo(Enum.GetValues<RedirectionKind>());
        nodes.OfType<ParameterPart>().Select(node => node.Operation).Distinct().Should().BeEquivalentTo(Enum.GetValues<ParameterOperation>());
        nodes.OfType<BinaryExpression>().Select(node => node.Operator).Distinct().Should().BeEquivalentTo(Enum.GetValues<BinaryOperator>());
        nodes.OfType<UnaryExpression>().Select(node => node.Operator).Distinct().Should().BeEquivalentTo(Enum.GetValues<UnaryOperator>());
    }
}
