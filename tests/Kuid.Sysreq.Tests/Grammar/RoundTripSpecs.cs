using FsCheck;
using FsCheck.Fluent;
using Kuid.Sysreq.Grammar;
using Kuid.Sysreq.Grammar.Tree;

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
