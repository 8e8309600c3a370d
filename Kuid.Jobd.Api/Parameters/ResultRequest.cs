using System.Globalization;
using Kuid.Jobd.Api.Problems;
using Kuid.Jobd.Core.Jobs;
using Kuid.Jobd.Core.Pipelines;
using Kuid.Jobd.Core.Storage;
using Microsoft.AspNetCore.Http;

namespace Kuid.Jobd.Api.Parameters;

/// <summary>Which result of a pipeline is asked for, and its output, held open.</summary>
internal sealed class ResultRequest : IDisposable
{
    private readonly OutputReading _reading;

    private ResultRequest(OutputReading reading, ResultReader reader, int? index)
    {
        _reading = reading;
        Reader = reader;
        Index = index;
    }

    /// <summary>The results.</summary>
    internal ResultReader Reader { get; }

    /// <summary>The number of the result; null when there is none yet.</summary>
    internal int? Index { get; }

    /// <summary>What a request asks for.</summary>
    /// <exception cref="ProblemException">There is no such job or result, or the job is no pipeline, or its output has been removed.</exception>
    internal static async Task<ResultRequest> OfAsync(HttpContext context, JobService jobs)
    {
        long id = JobId.Of(context);
        long? wanted = new QueryParameters(context.Request.Query, "index").Whole("index");
        JobRecord job = await jobs.GetAsync(id) ?? throw JobId.Unknown(id);
        if (job.Kind != JobKind.Pipeline)
        {
            throw new ProblemException(
                ProblemCode.NoPipeline, $"job {id} is no pipeline: its kind is {Models.Words<JobKind>.Of(job.Kind)}; it has stdout and stderr, and no result");
        }

        OutputReading reading = await jobs.ReadOutputAsync(id) ?? throw JobId.Unknown(id);
        try
        {
            var reader = new ResultReader(
                reading.Log ?? throw new ProblemException(ProblemCode.Pruned, $"the output of job {id} has been removed to make room"),
                job.AttemptStdoutOffset);
            return wanted is null || wanted < reader.Results
                ? new ResultRequest(reading, reader, (int?)wanted ?? (reader.Results == 0 ? null : reader.Results - 1))
                : throw new ProblemException(ProblemCode.NotFound, string.Create(
                    CultureInfo.InvariantCulture, $"job {id} has no result {wanted}; it has {reader.Results}, which count from 0"));
        }
        catch
        {
            reading.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _reading.Dispose();
}
