namespace Kuid.Contract.Tests;

/// <summary>A request that asks for no operation is answered with a Problem that says so, or was refused before.</summary>
public sealed class NoOperationSpecs
{
    [Theory]
    [InlineData(404, "notfound")]
    [InlineData(401, "unauthorized")]
    [InlineData(403, "origin")]
    [InlineData(421, "host")]
    public async Task An_unknown_path_is_404_or_an_earlier_refusal(int status, string code)
    {
        using HttpResponseMessage response =
            await new CannedAnswer(status, CannedAnswer.Problem($$"""{"status":{{status}},"code":"{{code}}"}""")).Ask(HttpMethod.Get, "/nothing");
        ((int)response.StatusCode).Should().Be(status);
    }

    [Fact]
    public async Task A_method_that_a_path_does_not_know_is_405_with_those_that_it_knows()
    {
        using HttpResponseMessage response = await new CannedAnswer(
            405, CannedAnswer.Problem("""{"status":405,"code":"method"}"""), ("Allow", "GET, DELETE")).Ask(HttpMethod.Put, "/things/1");
        ((int)response.StatusCode).Should().Be(405);
    }

    [Fact]
    public async Task A_405_that_does_not_list_every_method_is_refused() =>
        (await new CannedAnswer(405, CannedAnswer.Problem("""{"status":405,"code":"method"}"""), ("Allow", "GET"))
            .Refusal(HttpMethod.Put, "/things/1")).Should().Contain("header Allow: expected GET, DELETE, got GET");

    [Theory]
    [InlineData("/nothing", 405, "status: expected 404, 401, 403 or 421, got 405")]
    [InlineData("/nothing", 500, "status: expected 404, 401, 403 or 421, got 500")]
    [InlineData("/things/1", 404, "status: expected 405, 401, 403 or 421, got 404")]
    public async Task Another_status_is_refused(string path, int status, string message) =>
        (await new CannedAnswer(status, CannedAnswer.Problem($$"""{"status":{{status}},"code":"x"}""")).Refusal(HttpMethod.Put, path))
            .Should().Contain(message);

    [Fact]
    public async Task An_answer_that_is_no_problem_is_refused() =>
        (await new CannedAnswer(404, CannedAnswer.Json("<html>", "text/html")).Refusal(HttpMethod.Get, "/nothing"))
            .Should().Contain("content type: expected application/problem+json, got text/html");
}
