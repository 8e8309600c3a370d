using System.Text;
using Kuid.Jobd.Core.Services;

namespace Kuid.Jobd.Core.Tests.Services;

public sealed class RegistryMessageSpecs
{
    [Fact]
    public void A_call_is_read_as_it_was_written_whatever_its_arguments_are()
    {
        byte[][] arguments = [[], [0xff, (byte)'\n', 1], "weather"u8.ToArray()];
        var call = RegistryMessage.OfBytes(
            RegistryVerb.Call, [.. new[] { "17", "echo", "plain", "uid:0", string.Empty }.Select(Encoding.UTF8.GetBytes), .. arguments]);

        var read = RegistryMessage.Parse(call.ToPayload());

        read.Verb.Should().Be("CALL");
        read.Number(0).Should().Be(17);
        read.Text(1).Should().Be("echo");
        read.Text(4).Should().BeEmpty();
        read.From(5).Should().BeEquivalentTo(arguments, options => options.WithStrictOrdering());
    }

    [Fact]
    public void Fields_stand_in_the_payload_with_a_NUL_between_two()
    {
        RegistryMessage.Of(RegistryVerb.Ended, 3, 256, -1L).ToPayload().Should().Equal(Encoding.ASCII.GetBytes("ENDED,3,256,-1".Replace(',', '\0')));
        RegistryMessage.Of(RegistryVerb.Welcome).ToPayload().Should().Equal("WELCOME"u8.ToArray());
    }

    [Fact]
    public void A_field_that_is_missing_or_no_number_is_named()
    {
        var message = RegistryMessage.Parse("STARTED\0x"u8.ToArray());

        message.Invoking(m => m.Number(0)).Should().Throw<FormatException>().WithMessage("field 1 of STARTED is a number, not \"x\"");
        message.Invoking(m => m.Number(1)).Should().Throw<FormatException>().WithMessage("STARTED has at least 2 fields, this one has 1");
    }

    [Fact]
    public void A_field_with_a_NUL_is_refused()
    {
        Action make = () => RegistryMessage.Of(RegistryVerb.Failed, 1, "a\0b");

        make.Should().Throw<ArgumentException>().WithMessage("*no NUL*");
    }
}
