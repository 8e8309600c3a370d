using System.Text.Json;
using Kuid.Jobd.Api.Problems;
using Kuid.Jobd.Core.Jobs;
using Kuid.Jobd.Core.Sessions;
using Kuid.Jobd.Core.Storage;
using Kuid.TestKit.Contract;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kuid.Jobd.Api.Tests;

/// <summary>What the engine refuses, and what goes wrong, as the client is told: those answers too that no request can provoke.</summary>
public sealed class ExceptionHandlerSpecs
{
    public static TheoryData<Exception, int, string, bool> Refusals() => new()
    {
        { new QueueFullException("7 jobs wait"), 429, "busy", true },
        { new SessionsFullException(7), 429, "busy", true },
        { new SessionEndedException("its host is gone"), 410, "ended", false },
        { new DaemonStoppingException(), 503, "stopping", true },
        { new StoreException(StoreFault.Locked, "the history is locked"), 503, "unavailable", true },
        { new StoreException(StoreFault.Damaged, "the history is damaged"), 503, "unavailable", true },
        { new StoreException(StoreFault.Full, "no space"), 507, "full", false },
        { new BadHttpRequestException("too large", 413), 413, "toolarge", false },
        { new BadHttpRequestException("bad chunk", 400), 400, "malformed", false },
        { new ProblemException(ProblemCode.NotFound, "there is no job 1"), 404, "notfound", false },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task Each_refusal_has_its_status_and_its_word(Exception refusal, int status, string code, bool again)
    {
        (DefaultHttpContext context, JsonElement problem) = await Answer(refusal);
        context.Response.StatusCode.Should().Be(status);
        problem.GetProperty("code").GetString().Should().Be(code);
        context.Response.Headers.ContainsKey("Retry-After").Should().Be(again);
    }

    [Fact]
    public async Task Row_126_A_fault_is_told_without_anything_of_the_inside()
    {
        (DefaultHttpContext context, JsonElement problem) = await Answer(
            new InvalidOperationException("SELECT secret FROM jobs; /var/lib/kuid/history.db"));
        context.Response.StatusCode.Should().Be(500);
        problem.GetProperty("code").GetString().Should().Be("internal");
        problem.GetRawText().Should().NotContain("SELECT").And.NotContain("/var/lib").And.NotContain(nameof(InvalidOperationException));
    }

    private static async Task<(DefaultHttpContext Context, JsonElement Problem)> Answer(Exception exception)
    {
        var context = new DefaultHttpContext { Response = { Body = new MemoryStream() } };
        context.Request.Path = "/v1/jobs";
        (await new ExceptionHandler(NullLogger<ExceptionHandler>.Instance).TryHandleAsync(context, exception, CancellationToken.None)).Should().BeTrue();
        context.Response.ContentType.Should().Be("application/problem+json");
        JsonElement problem = JsonDocument.Parse(((MemoryStream)context.Response.Body).ToArray()).RootElement;
        SchemaCheck.Check(problem, HttpContract.OfRepository.Schemas["Problem"]).Should().BeEmpty();
        return (context, problem);
    }
}
