using Kuid.Jobd.Api.Json;
using Kuid.Jobd.Api.Models;
using Kuid.Jobd.Api.Parameters;
using Kuid.Jobd.Core.Jobs;
using Kuid.Jobd.Core.Storage;
using Microsoft.AspNetCore.Http;

namespace Kuid.Jobd.Api.Operations;

/// <summary><c>GET /v1/jobs</c>: a page of jobs, the newest first.</summary>
internal sealed class ListJobs(JobService jobs)
{
    private const int LongestPage = 500;
    private const int LongestText = 200;

    private static readonly string[] Known =
        ["limit", "cursor", "state", "queue", "kind", "service", "origin", "label", "q", "createdAfter", "createdBefore"];

    internal async Task HandleAsync(HttpContext context)
    {
        JobPage page = await jobs.ListAsync(QueryOf(context.Request.Query));
        string? cursor = page.Next is { } next ? Cursor.Of(next) : null;
        if (cursor is not null)
        {
            context.Response.Headers.Link = $"<{context.Request.Path}{QueryParameters.With(context.Request.Query, "cursor", cursor)}>; rel=\"next\"";
        }

        await context.Response.WriteJsonAsync(
            new JobListJson([.. page.Jobs.Select(JobJson.Of)], cursor), ApiJson.Answers.JobListJson);
    }

    /// <summary>What a query asks for.</summary>
    internal static JobQuery QueryOf(IQueryCollection query)
    {
        var parameters = new QueryParameters(query, Known);
        return new JobQuery
        {
            Limit = (int)Math.Min(parameters.Whole("limit", least: 1) ?? new JobQuery().Limit, LongestPage),
            Before = parameters.Read("cursor", Cursor.Parse, "the nextCursor of a page is allowed, as it came"),
            States = JobFilters.States(parameters),
            Queue = parameters.Text("queue"),
            Kind = parameters.Read("kind", Words<JobKind>.Parse, $"one of {string.Join(", ", Words<JobKind>.All)} is allowed"),
            Service = parameters.Text("service"),
            Origin = JobFilters.Origin(parameters),
            Labels = JobFilters.Labels(parameters),
            Text = parameters.Text("q", LongestText),
            CreatedAfter = parameters.Read("createdAfter", Timestamp.Parse, "a time such as 2026-03-01T12:00:00Z is allowed"),
            CreatedBefore = parameters.Read("createdBefore", Timestamp.Parse, "a time such as 2026-03-01T12:00:00Z is allowed"),
        };
    }
}
