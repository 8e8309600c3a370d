using System.Text;
using Kuid.Jobd.Doors.Coprocess;
using Kuid.TestKit;

namespace Kuid.Jobd.Tests.Coprocess;

public sealed class CoprocessRequestSpecs
{
    [Theory]
    [InlineData("GETPID", CoprocessVerb.GetPid, "", "")]
    [InlineData("DUMP", CoprocessVerb.Dump, "", "")]
    [InlineData("ARGV\0a\0b c\0", CoprocessVerb.Argv, "a|b c", "")]
    [InlineData("ARGV\0a\0\0", CoprocessVerb.Argv, "a|", "")]
    [InlineData("ARGV\0a\0b", CoprocessVerb.Argv, "a|b", "")]
    [InlineData("MAIN\0foo.py\0arg\0", CoprocessVerb.Main, "foo.py|arg", "")]
    [InlineData("ENV\0A=1\0B=\0", CoprocessVerb.Env, "A=1|B=", "")]
    [InlineData("CD\0/a b\0", CoprocessVerb.Cd, "/a b", "")]
    [InlineData("EVAL echo  hi\n", CoprocessVerb.Eval, "", "echo  hi\n")]
    [InlineData("EVAL ", CoprocessVerb.Eval, "", "")]
    [InlineData("ECMD x", CoprocessVerb.Ecmd, "", "x")]
    [InlineData("IEVAL x", CoprocessVerb.Ieval, "", "x")]
    [InlineData("COMPLETE ls /u", CoprocessVerb.Complete, "", "ls /u")]
    public void A_request_is_a_verb_with_words_or_a_text(string payload, object verb, string words, string text)
    {
        CoprocessRequest request = CoprocessRequest.Parse(Encoding.UTF8.GetBytes(payload), descriptors: 3);

        request.Verb.Should().Be((CoprocessVerb)verb);
        string.Join('|', request.Words.Select(Encoding.UTF8.GetString)).Should().Be(words);
        Encoding.UTF8.GetString(request.Text).Should().Be(text);
    }

    [Fact]
    public void Words_and_texts_are_bytes()
    {
        byte[] all = [.. Enumerable.Range(1, 255).Select(b => (byte)b)];

        CoprocessRequest.Parse([.. "ARGV\0"u8, .. all, 0], 3).Words.Should().ContainSingle().Which.Should().Equal(all);
        CoprocessRequest.Parse([.. "EVAL "u8, .. all], 3).Text.Should().Equal(all);
    }

    [Theory]
    [InlineData("ARGV\0a\0", 3)]
    [InlineData("EVAL x", 3)]
    [InlineData("ECMD x", 3)]
    [InlineData("IEVAL x", 3)]
    [InlineData("MAIN\0a\0", 3)]
    [InlineData("GETPID", 0, 3)]
    [InlineData("ENV\0A=1\0", 0, 3)]
    [InlineData("CD\0/\0", 0, 3)]
    [InlineData("DUMP", 0, 3)]
    [InlineData("COMPLETE x", 0, 3)]
    public void A_request_takes_these_numbers_of_descriptors_and_no_others(string payload, params int[] allowed)
    {
        for (int count = 0; count < 254; count++)
        {
            Action parse = () => CoprocessRequest.Parse(Encoding.UTF8.GetBytes(payload), count);
            if (allowed.Contains(count))
            {
                parse.Should().NotThrow("{0} may be", count);
            }
            else
            {
                parse.Should().Throw<CoprocessRefusedException>().WithMessage($"* takes *3: stdin, stdout and stderr; there were {count}");
            }
        }
    }

    [Fact]
    public void What_is_quoted_of_a_stranger_is_short_and_without_control_characters()
    {
        Action parse = () => CoprocessRequest.Parse([.. "X\u001b[2J\n"u8, .. new byte[100_000]], 0);

        parse.Should().Throw<CoprocessRefusedException>().Which.Message.Should().StartWith("unknown request \"X?[2J??").And.HaveLength(
            "unknown request \"".Length + 43 + "\"; there are GETPID, ARGV, MAIN, ENV, CD, EVAL, ECMD, IEVAL, DUMP, COMPLETE".Length);
    }

    [Fact]
    public void Damaged_requests_are_refused_or_understood_and_nothing_else()
    {
        FuzzPlan plan = FuzzPlan.Of(200_000);
        string[] corpus = ["GETPID", "ARGV\0a\0b\0", "ENV\0A=1\0", "CD\0/\0", "EVAL x", "COMPLETE x y", "DUMP"];
        for (long i = 0; i < plan.Count; i++)
        {
            var dice = new Dice(plan.Seed, i);
            byte[] payload = Encoding.ASCII.GetBytes(dice.Of<string>(corpus));
            for (int changes = dice.Below(3); changes >= 0; changes--)
            {
                payload[dice.Below(payload.Length)] = dice.OneIn(2) ? dice.Byte() : dice.Of<byte>(0, (byte)' ');
            }

            try
            {
                CoprocessRequest request = CoprocessRequest.Parse(payload.AsSpan(0, dice.Below(payload.Length + 1)), dice.Below(5));
                request.Words.Should().NotContain(word => word.Contains((byte)0), "{0}, case {1}", plan, i);
            }
            catch (CoprocessRefusedException e)
            {
                e.Message.Should().NotBeEmpty();
            }
        }
    }
}
