using Kuid.Jobd.Api.Operations;
using Kuid.Jobd.Api.Security;
using Kuid.Jobd.Api.Streams;
using Kuid.Jobd.Core.Access;
using Kuid.Jobd.Core.Batches;
using Kuid.Jobd.Core.Hosts;
using Kuid.Jobd.Core.Jobs;
using Kuid.Jobd.Core.Metrics;
using Kuid.Jobd.Core.Output;
using Kuid.Jobd.Core.Schedules;
using Kuid.Jobd.Core.Services;
using Kuid.Jobd.Core.Sessions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace Kuid.Jobd.Api;

/// <summary>One operation of the contract and who may have it.</summary>
/// <param name="Name">Its operationId.</param>
/// <param name="Scope">The scope it needs; null for none, and no token.</param>
internal sealed record Route(string Method, string Path, string Name, Scope? Scope, RequestDelegate Handle)
{
    /// <summary>Whether the scope <c>run:NAME</c> is enough for it, with the name of its path.</summary>
    internal bool RunsService { get; init; }
}

/// <summary>Every route there is: this list, the contract and the routing table are the same, which a test compares.</summary>
internal static class Routes
{
    /// <summary>The list.</summary>
    /// <param name="streams">Sends events.</param>
    /// <param name="metrics">Adds up what is measured.</param>
    /// <param name="version">The daemon's version.</param>
    /// <param name="stopping">Ends answers that would go on while the daemon runs.</param>
    internal static IReadOnlyList<Route> Of(
        JobService jobs, HostTable hosts, ScheduleService schedules, SessionTable sessions, ServiceRegistry services, EventStreams streams, MetricCollector metrics,
        string version, ILogger log, CancellationToken stopping) =>
    [
        new("POST", "/v1/jobs", "submitJob", Scope.Run, new SubmitJob(jobs, hosts).HandleAsync),
        new("GET", "/v1/jobs", "listJobs", Scope.Read, new ListJobs(jobs).HandleAsync),
        new("POST", "/v1/jobs/bulk", "bulkJobs", Scope.Run, new BulkJobs(jobs).HandleAsync),
        new("GET", "/v1/jobs/{id}", "getJob", Scope.Read, new GetJob(jobs).HandleAsync),
        new("PATCH", "/v1/jobs/{id}", "patchJob", Scope.Run, new PatchJob(jobs).HandleAsync),
        new("DELETE", "/v1/jobs/{id}", "deleteJob", Scope.Run, new DeleteJob(jobs).HandleAsync),
        new("POST", "/v1/jobs/{id}/cancel", "cancelJob", Scope.Run, new CancelJob(jobs).HandleAsync),
        new("POST", "/v1/jobs/{id}/signal", "signalJob", Scope.Run, new SignalJob(jobs).HandleAsync),
        new("POST", "/v1/jobs/{id}/rerun", "rerunJob", Scope.Run, new RerunJob(jobs).HandleAsync),
        new("PUT", "/v1/jobs/{id}/stdin", "putStdin", Scope.Run, new PutStdin(jobs, TimeProvider.System).HandleAsync),
        new("GET", "/v1/jobs/{id}/stdout", "getStdout", Scope.Read, new GetOutput(jobs, OutputStream.Stdout, stopping).HandleAsync),
        new("GET", "/v1/jobs/{id}/stderr", "getStderr", Scope.Read, new GetOutput(jobs, OutputStream.Stderr, stopping).HandleAsync),
        new("GET", "/v1/jobs/{id}/output", "getOutput", Scope.Read, new GetOutput(jobs, stream: null, stopping).HandleAsync),
        new("GET", "/v1/jobs/{id}/result", "getResult", Scope.Read, new GetResult(jobs).HandleAsync),
        new("GET", "/v1/jobs/{id}/rows", "getRows", Scope.Read, new GetRows(jobs).HandleAsync),
        new("GET", "/v1/jobs/{id}/events", "followJob", Scope.Read, new FollowJob(jobs, streams).HandleAsync),

        new("GET", "/v1/events", "followEvents", Scope.Read, new FollowEvents(jobs, streams).HandleAsync),
        new("POST", "/v1/exec", "exec", Scope.Run, new Exec(jobs, log).HandleAsync),

        new("POST", "/v1/batches", "submitBatch", Scope.Run, new SubmitBatch(jobs, new BatchService(jobs), hosts, TimeProvider.System).HandleAsync),
        new("GET", "/v1/batches", "listBatches", Scope.Read, new ListBatches(new BatchService(jobs)).HandleAsync),
        new("GET", "/v1/batches/{id}", "getBatch", Scope.Read, new GetBatch(new BatchService(jobs)).HandleAsync),
        new("POST", "/v1/batches/{id}/cancel", "cancelBatch", Scope.Run, new CancelBatch(new BatchService(jobs)).HandleAsync),

        new("GET", "/v1/queues", "listQueues", Scope.Read, new ListQueues(jobs).HandleAsync),
        new("GET", "/v1/queues/{name}", "getQueue", Scope.Read, new GetQueue(jobs).HandleAsync),
        new("PUT", "/v1/queues/{name}", "putQueue", Scope.Run, new PutQueue(jobs).HandleAsync),
        new("DELETE", "/v1/queues/{name}", "deleteQueue", Scope.Run, new DeleteQueue(jobs).HandleAsync),
        new("POST", "/v1/queues/{name}/pause", "pauseQueue", Scope.Run, new PauseQueue(jobs).HandleAsync),
        new("POST", "/v1/queues/{name}/resume", "resumeQueue", Scope.Run, new ResumeQueue(jobs).HandleAsync),
        new("POST", "/v1/queues/{name}/drain", "drainQueue", Scope.Run, new DrainQueue(jobs).HandleAsync),
        new("POST", "/v1/queues/{name}/purge", "purgeQueue", Scope.Run, new PurgeQueue(jobs).HandleAsync),

        new("GET", "/v1/schedules", "listSchedules", Scope.Read, new ListSchedules(schedules).HandleAsync),
        new("POST", "/v1/schedules/preview", "previewSchedule", Scope.Run, new PreviewSchedule(TimeProvider.System).HandleAsync),
        new("GET", "/v1/schedules/{name}", "getSchedule", Scope.Read, new GetSchedule(schedules).HandleAsync),
        new("PUT", "/v1/schedules/{name}", "putSchedule", Scope.Run, new PutSchedule(jobs, schedules, hosts).HandleAsync),
        new("DELETE", "/v1/schedules/{name}", "deleteSchedule", Scope.Run, new DeleteSchedule(schedules).HandleAsync),
        new("POST", "/v1/schedules/{name}/trigger", "triggerSchedule", Scope.Run, new TriggerSchedule(schedules).HandleAsync),
        new("POST", "/v1/schedules/{name}/pause", "pauseSchedule", Scope.Run, new PauseSchedule(schedules, paused: true).HandleAsync),
        new("POST", "/v1/schedules/{name}/resume", "resumeSchedule", Scope.Run, new PauseSchedule(schedules, paused: false).HandleAsync),

        new("GET", "/v1/hosts", "listHosts", Scope.Read, new ListHosts(hosts).HandleAsync),
        new("PUT", "/v1/hosts/{name}", "putHost", Scope.Run, new PutHost(hosts).HandleAsync),
        new("DELETE", "/v1/hosts/{name}", "deleteHost", Scope.Run, new DeleteHost(hosts).HandleAsync),
        new("POST", "/v1/hosts/{name}/probe", "probeHost", Scope.Run, new ProbeHost(hosts, TimeProvider.System).HandleAsync),
        new("GET", "/v1/commands", "listCommands", Scope.Read, ListCommands.HandleAsync),
        new("POST", "/v1/pipelines/check", "checkPipeline", Scope.Run, CheckPipeline.HandleAsync),

        new("POST", "/v1/sessions", "createSession", Scope.Run, new CreateSession(sessions).HandleAsync),
        new("GET", "/v1/sessions", "listSessions", Scope.Read, new ListSessions(sessions).HandleAsync),
        new("GET", "/v1/sessions/{id}", "getSession", Scope.Read, new GetSession(sessions).HandleAsync),
        new("DELETE", "/v1/sessions/{id}", "deleteSession", Scope.Run, new DeleteSession(sessions).HandleAsync),
        new("POST", "/v1/sessions/{id}/eval", "evalSession", Scope.Run, new EvalSession(sessions, jobs, log).HandleAsync),
        new("POST", "/v1/sessions/{id}/complete", "completeSession", Scope.Run, new CompleteSession(sessions).HandleAsync),
        new("POST", "/v1/sessions/{id}/interrupt", "interruptSession", Scope.Run, new InterruptSession(sessions).HandleAsync),

        new("GET", "/v1/services", "listServices", Scope.Read, new ListServices(jobs, services).HandleAsync),
        new("POST", "/v1/services/{name}/run", "runService", Scope.Run, new RunService(jobs, services).HandleAsync) { RunsService = true },

        new("GET", "/healthz", "getHealth", Scope: null, GetHealth.HandleAsync),
        new("GET", "/readyz", "getReadiness", Scope.Read, new GetReadiness(jobs).HandleAsync),
        new("GET", "/v1/version", "getVersion", Scope: null, new GetVersion(jobs, version).HandleAsync),
        new("GET", "/metrics", "getMetrics", Scope.Read, new GetMetrics(metrics).HandleAsync),
        new("GET", "/openapi.yaml", "getContract", Scope.Read, GetContract.HandleAsync),
        new("GET", "/docs", "getDocs", Scope.Read, GetDocs.PageAsync),
        new("GET", "/docs/script.js", "getDocsScript", Scope.Read, GetDocs.ScriptAsync),
        new("GET", "/docs/start.js", "getDocsStart", Scope.Read, GetDocs.StartAsync),
        new("GET", "/docs/style.css", "getDocsStyle", Scope.Read, GetDocs.StyleAsync),
    ];

    /// <summary>Adds routes to the routing table.</summary>
    internal static void MapRoutes(this IEndpointRouteBuilder endpoints, IReadOnlyList<Route> routes)
    {
        foreach (Route route in routes)
        {
            IEndpointConventionBuilder endpoint = endpoints.MapMethods(route.Path, [route.Method], route.Handle).WithName(route.Name);
            if (route.Scope is { } scope)
            {
                endpoint.RequireAuthorization(scope.ToString()).WithMetadata(new RequiredScope(scope));
                if (route.RunsService)
                {
                    endpoint.WithMetadata(new RunsService());
                }
            }
            else
            {
                endpoint.AllowAnonymous();
            }
        }
    }
}
