using Kuid.Jobd.Api.Json;
using Kuid.Jobd.Api.Models;
using Kuid.Jobd.Api.Parameters;
using Kuid.Jobd.Core.Storage;
using Microsoft.AspNetCore.Http;

namespace Kuid.Jobd.Api.Operations;

/// <summary>A job as an answer.</summary>
internal static class JobAnswer
{
    /// <summary>Writes the job with its ETag.</summary>
    internal static Task WriteAsync(HttpContext context, JobRecord job, int status)
    {
        context.Response.StatusCode = status;
        context.Response.Headers.ETag = JobVersion.TagOf(job);
        context.Response.Headers.CacheControl = "no-cache";
        return context.Response.WriteJsonAsync(JobJson.Of(job), ApiJson.Answers.JobJson);
    }
}
