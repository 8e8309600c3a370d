using System.Text;
using Kuid.Jobd.Doors.Services;

namespace Kuid.Jobd.Tests.Services;

public sealed class CallReaderSpecs
{
    private const string Request = "weather!frames\r\nmé\r\nBerlin\r\nt\rwo \r\n\r\n";

    [Fact]
    public void A_request_cut_at_every_position_is_the_same_and_nothing_behind_it_is_taken()
    {
        byte[] bytes = [.. Encoding.UTF8.GetBytes(Request), .. "the stream\n\n"u8];
        for (int cut = 0; cut <= bytes.Length; cut++)
        {
            var reader = new CallReader(maxArguments: 10, maxBytes: 1000);
            int taken = Feed(reader, bytes.AsSpan(0, cut));
            taken += Feed(reader, bytes.AsSpan(taken));

            reader.State.Should().Be(CallReadState.Complete);
            taken.Should().Be(Encoding.UTF8.GetByteCount(Request));
            (reader.Service, reader.IsFramed, reader.User).Should().Be(("weather", true, "mé"));
            reader.Arguments.Select(Encoding.UTF8.GetString).Should().Equal("Berlin", "t\rwo ");
        }
    }

    [Fact]
    public void An_empty_user_name_is_none_and_what_would_disturb_a_log_is_replaced()
    {
        Read("date\n\n\n").User.Should().BeNull();
        Read("date\nm\u001b[2Je\n\n").User.Should().Be("m?[2Je");
    }

    [Theory]
    [InlineData("date\n\na\nb\nc\n", "at most 2 arguments are taken")]
    [InlineData("date\n\na\0\n", "a line has no NUL")]
    [InlineData("date\n\n0123456789012345678901234567890123456789", "at most 40 bytes are taken before the empty line")]
    public void What_goes_beyond_the_limits_is_rejected_with_them(string request, string rejection)
    {
        CallReader reader = Read(request);

        (reader.State, reader.Rejection).Should().Be((CallReadState.Rejected, rejection));
    }

    [Fact]
    public void As_many_arguments_and_bytes_as_are_allowed_are_taken()
    {
        var reader = new CallReader(maxArguments: 2, maxBytes: 11);
        Feed(reader, "date\n\na\nb\n\n"u8);
        reader.State.Should().Be(CallReadState.Complete);
    }

    [Fact]
    public void An_end_before_the_empty_line_is_no_request()
    {
        CallReader reader = Read("date\n");
        reader.End();
        (reader.State, reader.HasBegun).Should().Be((CallReadState.Rejected, true));
    }

    private static CallReader Read(string request)
    {
        var reader = new CallReader(maxArguments: 2, maxBytes: 40);
        Feed(reader, Encoding.UTF8.GetBytes(request));
        return reader;
    }

    /// <returns>How many bytes were taken.</returns>
    private static int Feed(CallReader reader, ReadOnlySpan<byte> bytes)
    {
        int all = bytes.Length;
        while (!bytes.IsEmpty && reader.State is not (CallReadState.Complete or CallReadState.Rejected))
        {
            reader.Read(ref bytes);
        }

        return all - bytes.Length;
    }
}
