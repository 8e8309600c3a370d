using System.Text.RegularExpressions;
using Kuid.Sysreq.Grammar;
using Kuid.Sysreq.Grammar.Parsing;

namespace Kuid.Sysreq.Tests.Grammar;

/// <summary><c>Grammar.ebnf</c> against itself and against the tables that the readers read by.</summary>
public sealed partial class EbnfSpecs
{
    private const string Root = "script";

    private readonly Dictionary<string, List<string>> _references = new(StringComparer.Ordinal);
    private readonly HashSet<string> _terminals = new(StringComparer.Ordinal);

    public EbnfSpecs()
    {
        string text = Comment().Replace(Resources.Read("Grammar.ebnf"), " ");
        int at = 0;
        while (text.AsSpan(at).Trim().Length > 0)
        {
            Match rule = Rule().Match(text, at);
            rule.Success.Should().BeTrue($"a rule has to stand at: {text[at..Math.Min(at + 80, text.Length)].Trim()}");
            at = rule.Index + rule.Length;
            Read(Spaces().Replace(rule.Groups["name"].Value.Trim(), " "), rule.Groups["definition"].Value);
        }
    }

    [Fact]
    public void Every_rule_that_is_used_is_defined_once_and_every_rule_but_the_first_is_used()
    {
        string[] used = [.. _references.Values.SelectMany(names => names).Distinct(StringComparer.Ordinal)];
        used.Should().BeSubsetOf(_references.Keys);
        _references.Keys.Except(used, StringComparer.Ordinal).Should().BeEmpty();
        _references.Keys.First().Should().Be(Root);
        Reachable(Root).Should().BeEquivalentTo(_references.Keys);
    }

    [Fact]
    public void Every_word_and_sign_that_the_readers_know_is_in_it()
    {
        string[] known =
        [
            .. Keywords.All,
            .. Operators.All.Select(known => known.Text),
            .. ExpressionTokens.Signs,
            .. ExpressionTokens.Words,
            .. ArithmeticParser.Binary.Select(known => known.Sign),
            .. ArithmeticParser.Assignments,
            .. ParameterReader.Operations.Select(known => known.Sign),
            .. Units.All.Select(unit => unit.Name),
        ];
        _terminals.Should().Contain(known);
    }

    [Fact]
    public void What_is_refused_is_not_in_it()
    {
        _terminals.Should().NotContain(Operators.Refused.Select(refused => refused.Text));
        _terminals.Should().NotContain(Keywords.Refused.Keys);
    }

    private void Read(string name, string definition)
    {
        _references.Should().NotContainKey(name, "a rule is defined once");
        _references[name] = [];
        var brackets = new Stack<string>();
        foreach (Match token in Token().Matches(definition))
        {
            string value = token.Value;
            switch (value)
            {
                case "(" or "[" or "{":
                    brackets.Push(value switch { "(" => ")", "[" => "]", _ => "}" });
                    break;
                case ")" or "]" or "}":
                    brackets.Should().NotBeEmpty($"`{value}` closes something in `{name}`");
                    brackets.Pop().Should().Be(value, $"brackets of `{name}` match");
                    break;
                case "," or "|":
                    break;
                default:
                    if (value[0] is '"' or '\'')
                    {
                        _terminals.Add(value[1..^1]);
                    }
                    else if (value[0] != '?')
                    {
                        _references[name].Add(Spaces().Replace(value.Trim(), " "));
                    }

                    break;
            }
        }

        brackets.Should().BeEmpty($"brackets of `{name}` match");
        Token().Replace(definition, "").Trim().Should().BeEmpty($"nothing else stands in `{name}`");
    }

    private HashSet<string> Reachable(string root)
    {
        var reached = new HashSet<string>(StringComparer.Ordinal);
        var next = new Stack<string>([root]);
        while (next.TryPop(out string? name))
        {
            if (reached.Add(name))
            {
                _references[name].ForEach(next.Push);
            }
        }

        return reached;
    }

    [GeneratedRegex(@"\(\*.*?\*\)", RegexOptions.Singleline, 1000)]
    private static partial Regex Comment();

    [GeneratedRegex("""\G\s*(?<name>[a-z][a-z ]*)=(?<definition>(?:"[^"]*"|'[^']*'|\?[^?]*\?|[^;"'?])*);""", RegexOptions.None, 1000)]
    private static partial Regex Rule();

    [GeneratedRegex("""
        "[^"]+"|'[^']+'|\?[^?]+\?|[a-z]+(?:\s+[a-z]+)*|[()\[\]{},|]
        """, RegexOptions.IgnorePatternWhitespace, 1000)]
    private static partial Regex Token();

    [GeneratedRegex(@"\s+", RegexOptions.None, 1000)]
    private static partial Regex Spaces();
}
