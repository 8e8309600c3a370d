using System.Text.Json;
using Kuid.Jobd.Api.Json;
using Kuid.Jobd.Api.Models;
using Kuid.Jobd.Core.Storage;

namespace Kuid.Jobd.Api;

/// <summary>A job as this door shows it, for others who have to show one.</summary>
public static class JobBody
{
    /// <summary>The contract's schema Job, in JSON.</summary>
    public static byte[] Of(JobRecord job) => JsonSerializer.SerializeToUtf8Bytes(JobJson.Of(job), ApiJson.Answers.JobJson);
}
