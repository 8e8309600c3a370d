using System.Text;
using Kuid.Jobd.Api.Problems;
using Kuid.Jobd.Api.Submissions;

namespace Kuid.Jobd.Api.Tests;

/// <summary>Every way in which a body can be no submission: the code to decide by and the place.</summary>
public sealed class StrictJsonSpecs
{
    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("{")]
    [InlineData("{}}")]
    [InlineData("{} {}")]
    [InlineData("""{"kind":"shell",}""")]
    [InlineData("""{'kind':'shell'}""")]
    [InlineData("""{"kind":"shell" "command":"x"}""")]
    [InlineData("""{"kind":"shell","command":"a""")]
    [InlineData("""{"kind":"shell","command":NaN}""")]
    [InlineData("""{"kind":"shell"} // a comment""")]
    [InlineData("kind=shell&command=id")]
    [InlineData("{\"kind\":\"she\u0001ll\"}")]
    [InlineData("""{"kind":"\q"}""")]
    [InlineData("""{"priority":01}""")]
    [InlineData("""{"priority":+1}""")]
    public void What_is_not_JSON_is_malformed(string body)
    {
        ProblemException refusal = Bodies.RefusalOf(body);
        refusal.Code.Should().Be(ProblemCode.Malformed);
        refusal.Errors.Should().BeNull();
    }

    [Fact]
    public void Bytes_that_are_not_UTF_8_are_malformed()
    {
        byte[] body = [.. "{\"kind\":\"shell\",\"command\":\"a"u8, 0xff, .. "\"}"u8];
        Bodies.RefusalOf(body).Code.Should().Be(ProblemCode.Malformed);
    }

    [Fact]
    public void A_malformed_body_is_told_where()
    {
        Bodies.RefusalOf("{\n  \"kind\": x }").Message.Should().Contain("line 2, byte 11");
    }

    [Theory]
    [InlineData(65)]
    [InlineData(100_000)]
    public void What_is_nested_too_deep_is_malformed(int depth) =>
        Bodies.RefusalOf("{\"kind\":" + new string('[', depth) + new string(']', depth) + "}").Code.Should().Be(ProblemCode.Malformed);

    [Theory]
    [InlineData("""{"kind":"shell","comand":"x"}""", "/comand")]
    [InlineData("""{"Kind":"shell"}""", "/Kind")]
    [InlineData("""{"kind":"shell","command":"x","a/b~c":1}""", "/a~1b~0c")]
    [InlineData("""{"kind":"shell","command":"x","$type":"x"}""", "/$type")]
    [InlineData("""{"unknown":{"deep":[1,2,3]},"kind":5}""", "/unknown")]
    [InlineData("""{"kind":"shell","runAt":"2026-01-01T00:00:00Z"}""", "/runAt")]
    [InlineData("""{"kind":"shell","limits":{"cpu":1}}""", "/limits/cpu")]
    public void An_unknown_member_is_named(string body, string pointer) => Expect(body, ProblemCode.Unknown, pointer);

    [Theory]
    [InlineData("""{"kind":"shell","command":"a","command":"b"}""", "/command")]
    [InlineData("""{"kind":"shell","command":"a","k\u0069nd":"argv"}""", "/kind")]
    [InlineData("""{"kind":"shell","command":"a","env":{"A":"1","A":"2"}}""", "/env/A")]
    [InlineData("""{"kind":"shell","command":"a","labels":{"x":"1","y":"2","x":"1"}}""", "/labels/x")]
    public void A_member_that_comes_twice_is_named(string body, string pointer) => Expect(body, ProblemCode.Duplicate, pointer);

    [Theory]
    [InlineData("null", "")]
    [InlineData("[]", "")]
    [InlineData("\"shell\"", "")]
    [InlineData("""{"kind":null}""", "/kind")]
    [InlineData("""{"kind":1}""", "/kind")]
    [InlineData("""{"kind":"shell","command":["x"]}""", "/command")]
    [InlineData("""{"kind":"shell","command":null}""", "/command")]
    [InlineData("""{"kind":"argv","argv":"x"}""", "/argv")]
    [InlineData("""{"kind":"argv","argv":["x",1]}""", "/argv/1")]
    [InlineData("""{"kind":"argv","argv":["x",null]}""", "/argv/1")]
    [InlineData("""{"kind":"shell","command":"x","env":[]}""", "/env")]
    [InlineData("""{"kind":"shell","command":"x","env":{"A":1}}""", "/env/A")]
    [InlineData("""{"kind":"shell","command":"x","clearEnv":"true"}""", "/clearEnv")]
    [InlineData("""{"kind":"shell","command":"x","clearEnv":1}""", "/clearEnv")]
    [InlineData("""{"kind":"shell","command":"x","stdin":"no base64!"}""", "/stdin")]
    [InlineData("""{"kind":"shell","command":"x","priority":"1"}""", "/priority")]
    [InlineData("""{"kind":"shell","command":"x","priority":1.5}""", "/priority")]
    [InlineData("""{"kind":"shell","command":"x","priority":2147483648}""", "/priority")]
    [InlineData("""{"kind":"shell","command":"x","maxOutputBytes":9223372036854775808}""", "/maxOutputBytes")]
    [InlineData("""{"kind":"shell","command":"x","timeoutSeconds":"1"}""", "/timeoutSeconds")]
    [InlineData("""{"kind":"shell","command":"x","labels":{"a":{"b":"c"}}}""", "/labels/a")]
    public void A_value_of_another_type_is_named(string body, string pointer) => Expect(body, ProblemCode.Type, pointer);

    [Theory]
    [InlineData("", "the body: it is wrong")]
    [InlineData("/queue", "/queue: it is wrong")]
    public void The_sentence_begins_with_the_place(string pointer, string sentence)
    {
        var mistakes = new Mistakes();
        mistakes.Add(pointer, "it is wrong");

        mistakes.Invoking(all => all.ThrowIfAny()).Should().Throw<ProblemException>().WithMessage(sentence);
        ProblemException.Member(ProblemCode.Invalid, pointer, "it is wrong").Message.Should().Be(sentence);
    }

    [Theory]
    [InlineData("""{"kind":"shell","command":"a\ud800"}""", "/command")]
    [InlineData("""{"kind":"shell","command":"\udc00\ud800"}""", "/command")]
    [InlineData("""{"kind":"argv","argv":["a","\ud83d"]}""", "/argv/1")]
    [InlineData("""{"kind":"shell","command":"a","env":{"A":"\ud800"}}""", "/env/A")]
    [InlineData("""{"kind":"shell","command":"a","labels":{"\ud800":"x"}}""", "/labels")]
    public void Row_114_half_a_surrogate_pair_is_no_text(string body, string pointer) => Expect(body, ProblemCode.Invalid, pointer);

    [Fact]
    public void A_whole_surrogate_pair_is_the_character() =>
        Bodies.Submit("""{"kind":"shell","command":"\ud83d\ude00"}""").Process!.Argv[2].Should().Equal(Encoding.UTF8.GetBytes("\U0001F600"));

    private static void Expect(string body, ProblemCode code, string pointer)
    {
        ProblemException refusal = Bodies.RefusalOf(body);
        refusal.Code.Should().Be(code);
        refusal.Errors.Should().ContainSingle().Which.Pointer.Should().Be(pointer);
    }
}
