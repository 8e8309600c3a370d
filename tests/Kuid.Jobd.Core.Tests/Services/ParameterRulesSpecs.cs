using System.Text;
using Kuid.Jobd.Core.Services;

namespace Kuid.Jobd.Core.Tests.Services;

public sealed class ParameterRulesSpecs
{
    [Theory]
    [InlineData("string")]
    [InlineData("string, max 40")]
    [InlineData("string, min 1, max 40, optional")]
    [InlineData("integer, min -5, max 5, default 3")]
    [InlineData("number, min 0.5")]
    [InlineData("boolean, default false")]
    [InlineData("choice, of a|b|c, default b")]
    [InlineData("string, default one, two and three")]
    public void Rules_are_read_and_written_as_the_same_text(string text) =>
        ParameterRules.Format(ParameterRules.Parse("p", text)).Should().Be(text);

    [Theory]
    [InlineData("text", "\"text\" is no type of a parameter; string, integer, number, boolean or choice is allowed")]
    [InlineData("", "\"\" is no type")]
    [InlineData("string, most 4", "\"most 4\" is no rule of a parameter; min N, max N, of A|B|C, optional or default VALUE is allowed")]
    [InlineData("string,", "\"\" is no rule")]
    [InlineData("string, max", "\"max\" is no rule")]
    [InlineData("string, max many", "\"max many\": a number is expected")]
    [InlineData("string, max -1", "no less than 0")]
    [InlineData("integer, min 3, max 2", "min 3 is more than max 2")]
    [InlineData("choice", "words to choose from")]
    [InlineData("string, of a|b", "only a choice")]
    [InlineData("choice, of a||b", "an empty word")]
    [InlineData("choice, of a|a", "twice")]
    [InlineData("boolean, max 3", "for strings and numbers")]
    [InlineData("integer, default x", "its default does not keep to its rules: \"x\" is not allowed; a whole number is")]
    public void Rules_that_cannot_be_are_refused_with_what_is_allowed(string text, string reason)
    {
        Action parse = () => ParameterRules.Parse("p", text);

        parse.Should().Throw<FormatException>().WithMessage($"*{reason}*");
    }

    [Theory]
    [InlineData("string, max 3", "äöü", null)]
    [InlineData("string, max 3", "four", "\"four\" is not allowed; a text of at most 3 characters is")]
    [InlineData("integer, min 1, max 10", "10", null)]
    [InlineData("integer", "9223372036854775808", null)]
    [InlineData("integer, min 1, max 10", "11", "a whole number, 1 to 10, is")]
    [InlineData("integer", "1.0", "a whole number is")]
    [InlineData("integer", " 1", "a whole number is")]
    [InlineData("number, min 0.5", "5e-1", null)]
    [InlineData("number, min 0.5", "0.4", "a number, 0.5 or more, is")]
    [InlineData("number", "NaN", "a number is")]
    [InlineData("number", "1e999", "a number is")]
    [InlineData("boolean", "true", null)]
    [InlineData("boolean", "yes", "true or false is")]
    [InlineData("choice, of a|b", "b", null)]
    [InlineData("choice, of a|b", "B", "one of a, b is")]
    public void An_argument_keeps_to_the_rules_or_is_told_what_is_allowed(string rules, string argument, string? mistake)
    {
        ParameterCheck check = Check([rules], argument);

        if (mistake is null)
        {
            check.Mistakes.Should().BeEmpty();
            check.Arguments.Should().ContainSingle().Which.Should().Equal(Encoding.UTF8.GetBytes(argument));
        }
        else
        {
            check.Mistakes.Should().ContainSingle().Which.Text.Should().EndWith(mistake);
        }
    }

    [Fact]
    public void What_is_left_out_has_its_default_or_is_not_there_or_is_missing()
    {
        string[] rules = ["string", "integer, default 7", "string, optional"];

        Check(rules, "a").Arguments.Select(Encoding.UTF8.GetString).Should().Equal("a", "7");
        Check(rules, "a", "8", "x").Arguments.Select(Encoding.UTF8.GetString).Should().Equal("a", "8", "x");
        Check(rules).Mistakes.Should().ContainSingle().Which.Should().Be(new ParameterMistake("p0", "it is missing; any text is expected"));
    }

    [Fact]
    public void One_argument_too_many_is_counted() => Check(["string"], "a", "b").Mistakes.Should().ContainSingle()
        .Which.Text.Should().Be("2 arguments were given, and the service takes 1 at most");

    [Fact]
    public void All_mistakes_are_told_at_once() => Check(["integer", "boolean", "string"], "x", "y").Mistakes
        .Select(mistake => mistake.Parameter).Should().Equal("p0", "p1", "p2");

    [Fact]
    public void A_service_without_parameters_takes_any_bytes() =>
        ParameterRules.Check([], [[0xff], []]).Mistakes.Should().BeEmpty();

    [Fact]
    public void A_parameter_is_UTF_8() => ParameterRules.Check([ParameterRules.Parse("p", "string")], [[0xff]]).Mistakes
        .Should().ContainSingle().Which.Text.Should().Be("it is not UTF-8");

    private static ParameterCheck Check(string[] rules, params string[] arguments) => ParameterRules.Check(
        [.. rules.Select((text, i) => ParameterRules.Parse($"p{i}", text))], [.. arguments.Select(Encoding.UTF8.GetBytes)]);
}
