using System.Text;
using Kuid.Jobd.Core.Processes.Direct;

namespace Kuid.Jobd.Core.Tests.Processes.Direct;

/// <summary>Which commands are nothing but a program and its arguments.</summary>
public sealed class SimpleCommandSpecs
{
    [Theory]
    [InlineData("uname", "uname")]
    [InlineData("  uname \t -a  ", "uname|-a")]
    [InlineData("/usr/bin/env A=1 b", "/usr/bin/env|A=1|b")]
    [InlineData("./x.sh +%s a,b:c@d/e_f-g", "./x.sh|+%s|a,b:c@d/e_f-g")]
    [InlineData("printf '%s\\n' ''", "printf|%s\\n|")]
    [InlineData("x 'a b'\"c d\"e", "x|a bc de")]
    [InlineData("x '\"$`\\*' \"it's * ? ; #\"", "x|\"$`\\*|it's * ? ; #")]
    public void Plain_and_quoted_words_are_what_they_say(string command, string words) =>
        string.Join('|', Words(command)!).Should().Be(words);

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("a;b")]
    [InlineData("a&")]
    [InlineData("a|b")]
    [InlineData("a >b")]
    [InlineData("a <b")]
    [InlineData("(a)")]
    [InlineData("{ a; }")]
    [InlineData("! a")]
    [InlineData("a\nb")]
    [InlineData("a\n")]
    [InlineData("a\r")]
    [InlineData("a $b")]
    [InlineData("a \"$b\"")]
    [InlineData("a \"`b`\"")]
    [InlineData("a \"\\n\"")]
    [InlineData("a \\b")]
    [InlineData("a *")]
    [InlineData("a b?")]
    [InlineData("a [b]")]
    [InlineData("a ~")]
    [InlineData("a b=~/c")]
    [InlineData("a #b")]
    [InlineData("a {b,c}")]
    [InlineData("a ^b")]
    [InlineData("A=1 b")]
    [InlineData("A=1")]
    [InlineData("'a' b")]
    [InlineData("\"a\" b")]
    [InlineData("-a b")]
    [InlineData("+a")]
    [InlineData(": a")]
    [InlineData("a 'b")]
    [InlineData("a \"b")]
    [InlineData("a 'b\nc'")]
    [InlineData("a \"é\"")]
    [InlineData("a é")]
    [InlineData("a 'b\0c'")]
    [InlineData("a b\vc")]
    public void Whatever_a_shell_may_see_more_in_is_left_to_it(string command) => Words(command).Should().BeNull();

    [Fact]
    public void A_command_that_would_be_too_long_as_one_argument_is_left_to_the_shell()
    {
        Words("a " + new string('b', 60_000)).Should().HaveCount(2);
        Words("a " + new string('b', 70_000)).Should().BeNull();
    }

    private static string[]? Words(string command) => SimpleCommand.Words(Encoding.UTF8.GetBytes(command))?.Select(Encoding.UTF8.GetString).ToArray();
}
