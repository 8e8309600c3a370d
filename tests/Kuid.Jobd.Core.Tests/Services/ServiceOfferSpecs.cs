using System.Text;
using Kuid.Jobd.Core.Services;

namespace Kuid.Jobd.Core.Tests.Services;

public sealed class ServiceOfferSpecs
{
    [Fact]
    public void An_offer_is_read_as_it_was_written()
    {
        var offer = new ServiceOffer(
        [
            new ServiceDefinition
            {
                Name = "weather", Description = "Forecast", Pty = true, Stderr = StderrMode.Separate, Env = ["TERM", "LANG"], Max = 4, TimeoutSeconds = 1.5,
                Parameters = [ParameterRules.Parse("city", "string, max 40"), ParameterRules.Parse("unit", "choice, of c|f, default c")],
            },
            new ServiceDefinition { Name = "date" },
        ]);

        ServiceOffer.Parse(offer.ToJson()).Should().BeEquivalentTo(offer);
        Encoding.UTF8.GetString(offer.ToJson()).Should().Contain("\"stderr\":\"separate\"").And.Contain("\"type\":\"choice\"");
    }

    [Theory]
    [InlineData("""{"services":[{"name":"a b"}]}""", "the name \"a b\" is not allowed: 1 to 64 characters")]
    [InlineData("""{"services":[{"name":".a"}]}""", "the name \".a\" is not allowed")]
    [InlineData("""{"services":[{"name":"a"},{"name":"a"}]}""", "a is in the offer twice")]
    [InlineData("""{"services":[{"name":"a","max":0}]}""", "a: max is 0; 1 and more are allowed")]
    [InlineData("""{"services":[{"name":"a","timeoutSeconds":0}]}""", "a: timeoutSeconds is 0; more than 0 and up to 4233600 is allowed")]
    [InlineData("""{"services":[{"name":"a","env":["A=B"]}]}""", "a: env: \"A=B\" is no name of a variable")]
    [InlineData("""{"services":[{"name":"a","description":"x\ny"}]}""", "a: a description is one line")]
    [InlineData("""{"services":[{"name":"a","stderr":"both"}]}""", "the offer is not as it has to be")]
    [InlineData("""{"services":[{"name":"a","path":"/bin/sh"}]}""", "the offer is not as it has to be")]
    [InlineData("""{"services":[{"name":"a","parameters":[{"name":"p","type":"string","optional":true},{"name":"q","type":"string"}]}]}""", "a: q has to be given")]
    [InlineData("""{"services":[{"name":"a","parameters":[{"name":"p","type":"choice"}]}]}""", "a: p: a choice has words")]
    [InlineData("""{"services":null}""", "the offer is not as it has to be")]
    [InlineData("{", "the offer is not as it has to be")]
    [InlineData("null", "the offer is null")]
    public void An_offer_that_cannot_be_is_refused_with_what_is_wrong(string json, string reason)
    {
        Action parse = () => ServiceOffer.Parse(Encoding.UTF8.GetBytes(json));

        parse.Should().Throw<FormatException>().WithMessage($"*{reason}*");
    }
}
