namespace Kuid.Contract.Tests;

/// <summary>An answer that breaks the contract does not reach the test that asked; one that keeps it arrives as it was.</summary>
public sealed class ContractHandlerSpecs
{
    private static readonly (string, string)[] Made = [("Location", "/things/1"), ("Retry-After", "1")];

    [Fact]
    public async Task An_answer_that_keeps_the_contract_arrives_with_its_body()
    {
        using HttpResponseMessage response =
            await new CannedAnswer(201, CannedAnswer.Json("""{"id":1}"""), Made).Ask(HttpMethod.Post, "/things");
        (await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).Should().Be("""{"id":1}""");
        SeenResponses.All.Should().Contain(("makeThing", 201));
    }

    [Fact]
    public async Task An_answer_that_breaks_it_does_not_count_as_seen()
    {
        // No other test has this one answered well, and what has been seen belongs to the whole process.
        await new CannedAnswer(204, CannedAnswer.Json("{}")).Refusal(HttpMethod.Delete, "/things/1");
        SeenResponses.Missing(SmallContract.Things).Should().Contain(("deleteThing", 204));
    }

    [Fact]
    public async Task The_message_names_the_operation_the_status_and_each_violation() =>
        (await new CannedAnswer(201, CannedAnswer.Json("""{"id":"1","x":0}"""), Made).Refusal(HttpMethod.Post, "/things")).Should().Be("""
            makeThing (POST /things) answered 201 against openapi.yaml:
              /id: expected integer, got "1"
              /x: expected no such member, got 0
            """);

    [Theory]
    [InlineData(500)]
    [InlineData(200)]
    public async Task A_status_that_is_not_documented_is_refused_with_what_came(int status) =>
        (await new CannedAnswer(status, CannedAnswer.Json("""{"oh":"no"}""")).Refusal(HttpMethod.Post, "/things"))
            .Should().Contain($"status: expected one of 201, 409, got {status} with {{\"oh\":\"no\"}}");

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/problem+json")]
    [InlineData("application/json; charset=latin1")]
    public async Task Another_content_type_is_refused(string type) =>
        (await new CannedAnswer(201, CannedAnswer.Json("""{"id":1}""", type), Made).Refusal(HttpMethod.Post, "/things"))
            .Should().Contain($"content type: expected application/json, got {type}");

    [Fact]
    public async Task A_body_without_a_content_type_is_refused() =>
        (await new CannedAnswer(201, new ByteArrayContent([]), Made).Refusal(HttpMethod.Post, "/things"))
            .Should().Contain("content type: expected application/json, got none");

    [Fact]
    public async Task A_charset_of_UTF_8_is_no_other_content_type()
    {
        using HttpResponseMessage response =
            await new CannedAnswer(201, CannedAnswer.Json("""{"id":1}""", "application/json; charset=utf-8"), Made).Ask(HttpMethod.Post, "/things");
        response.StatusCode.Should().Be(System.Net.HttpStatusCode.Created);
    }

    [Fact]
    public async Task A_required_header_that_is_not_there_is_refused() =>
        (await new CannedAnswer(201, CannedAnswer.Json("""{"id":1}"""), Made[1]).Refusal(HttpMethod.Post, "/things"))
            .Should().Contain("header Location: expected one, which is required, got none");

    [Theory]
    [InlineData("Retry-After", "soon", "header Retry-After: expected integer, got \"soon\"")]
    [InlineData("Retry-After", "-1", "header Retry-After: expected at least 0, got -1")]
    [InlineData("Kuid-Truncated", "True", "header Kuid-Truncated: expected boolean, got \"True\"")]
    [InlineData("Kuid-Offset", "0.5", "header Kuid-Offset: expected integer, got 0.5")]
    [InlineData("Kuid-Colour", "red", "header Kuid-Colour: expected no such header, got red")]
    public async Task A_header_with_a_wrong_value_or_name_is_refused(string name, string value, string message)
    {
        (string, string)[] headers = [.. Made.Where(h => h.Item1 != name), (name, value)];
        (await new CannedAnswer(201, CannedAnswer.Json("""{"id":1}"""), headers).Refusal(HttpMethod.Post, "/things")).Should().Contain(message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{} {}")]
    [InlineData("""{"id":1,"id":1}""")]
    public async Task A_body_that_is_not_one_JSON_value_with_each_member_once_is_refused(string body) =>
        (await new CannedAnswer(201, CannedAnswer.Json(body), Made).Refusal(HttpMethod.Post, "/things")).Should().Contain("the body: expected JSON, got");

    [Theory]
    [InlineData("""{"status":400,"code":"taken"}""", "/status: expected 409, the status of the answer, got 400")]
    [InlineData("""{"status":409,"code":"busy"}""", "/code: expected one of taken, closed, got busy")]
    [InlineData("""{"status":409,"code":7}""", "/code: expected string, got 7")]
    public async Task A_problem_with_another_status_or_a_code_that_has_no_example_is_refused(string body, string message) =>
        (await new CannedAnswer(409, CannedAnswer.Problem(body)).Refusal(HttpMethod.Post, "/things")).Should().Contain(message);

    [Fact]
    public async Task A_body_where_there_is_none_is_refused()
    {
        (await new CannedAnswer(204, CannedAnswer.Json("{}")).Refusal(HttpMethod.Delete, "/things/1"))
            .Should().Contain("content type: expected none, for there is no body, got application/json");
        (await new CannedAnswer(204, new ByteArrayContent([1])).Refusal(HttpMethod.Delete, "/things/1"))
            .Should().Contain("the body: expected none, got 1 bytes");
    }

    [Fact]
    public async Task Bytes_are_left_in_the_connection()
    {
        var content = new StreamContent(new EndlessStream()) { Headers = { { "Content-Type", "application/octet-stream" } } };
        using HttpResponseMessage response = await new CannedAnswer(200, content).Ask(HttpMethod.Get, "/things/1");
        using Stream body = await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        (await body.ReadAtLeastAsync(new byte[100], 100, cancellationToken: TestContext.Current.CancellationToken)).Should().Be(100);
    }

    [Fact]
    public async Task A_path_of_letters_is_found_before_one_with_a_parameter()
    {
        using HttpResponseMessage response = await new CannedAnswer(204, null).Ask(HttpMethod.Get, "/things/last?q=1");
        SmallContract.Things.Find(HttpMethod.Get, "/things/last")!.Id.Should().Be("getLastThing");
        SmallContract.Things.Find(HttpMethod.Get, "/things/1")!.Id.Should().Be("getThing");
        SmallContract.Things.Find(HttpMethod.Get, "/things/").Should().BeNull();
        SmallContract.Things.Find(HttpMethod.Get, "/things/1/more").Should().BeNull();
    }

    /// <summary>A stream that a test must not read to its end, because it has none.</summary>
    private sealed class EndlessStream : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count) => count;

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
