using System.Text.Json;
using Kuid.Jobd.Api.Json;
using Kuid.Jobd.Api.Metrics;
using Kuid.Jobd.Api.Problems;
using Kuid.Jobd.Api.Security;
using Kuid.Jobd.Api.Streams;
using Kuid.Jobd.Api.Submissions;
using Kuid.Jobd.Core.Access;
using Kuid.Jobd.Core.Callbacks;
using Kuid.Jobd.Core.Hosts;
using Kuid.Jobd.Core.Jobs;
using Kuid.Jobd.Core.Metrics;
using Kuid.Jobd.Core.Processes.Isolation;
using Kuid.Jobd.Core.Schedules;
using Kuid.Jobd.Core.Services;
using Kuid.Jobd.Core.Sessions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Kuid.Jobd.Api;

/// <summary>
/// The HTTP door: Kestrel on connections that somebody else accepts, the order in which a request is looked at, and the routes.
/// </summary>
/// <remarks>
/// The host is built from nothing: no configuration, no environment variable and no file has a say in what it does, so the
/// ASPNETCORE_ variables of whoever starts the daemon have no effect, and signals stay the daemon's.
/// </remarks>
public sealed class HttpDoor : IAsyncDisposable
{
    /// <summary>The largest body, but for stdin, in bytes.</summary>
    internal const int MaxBodyBytes = 4 * 1024 * 1024;

    // How long an answer may lie without a byte of it being taken.
    private static readonly TimeSpan AnswerIdle = TimeSpan.FromSeconds(30);

    // A write has as long as its bytes take at this rate, and 64 KiB of them can be under way: at Kestrel's own 240 that is five minutes,
    // in which nobody reads.
    private const int MinResponseBytesPerSecond = 2048;

    private readonly WebApplication _app;
    private readonly CancellationTokenSource _stopping = new();
    private readonly MetricCollector _metrics = new();

    /// <summary>A door that is not open yet.</summary>
    /// <param name="incoming">Where its connections come from.</param>
    /// <param name="streams">How many streams of events there may be at once.</param>
    /// <param name="services">What users offer to be run.</param>
    /// <param name="tokens">What opens the TCP port.</param>
    /// <param name="gate">Decides who may do what.</param>
    /// <param name="version">The daemon's version.</param>
    /// <param name="tls">What TLS is spoken with on its ports; null for none.</param>
    /// <param name="names">The names that it answers to beside the loopback's.</param>
    public HttpDoor(
        JobService jobs, HostTable hosts, ScheduleService schedules, SessionTable sessions, IncomingConnections incoming, int streams,
        ServiceRegistry services, AccessTokens tokens, AccessGate gate, string version, ILoggerFactory log,
        TlsCertificates? tls = null, IReadOnlyCollection<string>? names = null)
    {
        ArgumentNullException.ThrowIfNull(incoming);
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Services.AddSingleton(log);
        builder.Services.AddSingleton(tokens);
        builder.Services.AddSingleton(gate);
        AddHost(builder.Services);
        AddSecurity(builder.Services);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Configure(kestrel, incoming, tls));
        builder.Services.AddSingleton(IncomingConnections.Factory(log));
        _app = builder.Build();
        UseInOrder(_app, new HostRule(names ?? []), gate, log.CreateLogger<HttpDoor>());
        _app.MapRoutes(Routes.Of(
            jobs, hosts, schedules, sessions, services, new EventStreams(streams, TimeProvider.System, _stopping.Token), _metrics, version,
            log.CreateLogger<HttpDoor>(), _stopping.Token));
    }

    /// <summary>The routing table, for the test that compares it with the contract.</summary>
    internal IReadOnlyList<RouteEndpoint> Endpoints =>
        [.. ((IEndpointRouteBuilder)_app).DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()];

    /// <summary>The job of a submission that was kept with a schedule, in the words of this door.</summary>
    /// <exception cref="Exception">It cannot be run any more; the message says why.</exception>
    public static JobSpec ReadKept(JsonElement submission, string principal, HostTable hosts, CallbackTargets callbacks, IsolationPolicy isolation) =>
        JobSpecs.Of(submission.Deserialize(ApiJson.Kept.JobSubmission)!, principal, hosts, callbacks, isolation);

    /// <summary>Begins to accept.</summary>
    public async Task StartAsync()
    {
        await IncomingConnections.MakeThreadsAsync();
        await _app.StartAsync();
    }

    /// <summary>
    /// Accepts no more, ends the answers that follow a job, and waits until the others have been sent.
    /// </summary>
    public async Task StopAsync()
    {
        await _stopping.CancelAsync();
        await _app.StopAsync();
    }

    /// <summary>Closes what is still open.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _app.DisposeAsync();
        _metrics.Dispose();
    }

    private static void Configure(KestrelServerOptions kestrel, IncomingConnections incoming, TlsCertificates? tls)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = MaxBodyBytes;
        kestrel.Limits.MinResponseDataRate = new MinDataRate(MinResponseBytesPerSecond, gracePeriod: TimeSpan.FromSeconds(5));
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        kestrel.Limits.KeepAliveTimeout = TimeSpan.FromSeconds(130);
        kestrel.Listen(incoming.Unix, Serve);
        kestrel.Listen(incoming.Tcp, listen =>
        {
            Serve(listen);
            if (tls is not null)
            {
                listen.UseHttps(new TlsHandshakeCallbackOptions { OnConnection = _ => ValueTask.FromResult(tls.Options), HandshakeTimeout = TimeSpan.FromSeconds(10) });
            }
        });

        static void Serve(ListenOptions listen)
        {
            listen.Protocols = HttpProtocols.Http1;
            listen.Use(next => connection => ServeAsync(connection, next));
        }
    }

    // Its place is free when the connection is over, whatever ended it.
    private static async Task ServeAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        using IConnectionPlace place = connection.Features.GetRequiredFeature<IConnectionPlace>();
        await using CancellationTokenRegistration dropped = place.Dropped.Register(connection.Abort);
        await Peer.IdentifyAsync(connection, next);
    }

    private static Task BreakOffWhatNobodyTakes(HttpContext context, RequestDelegate next)
    {
        context.Response.Body = new IdleLimitBody(context, context.Response.Body, AnswerIdle, TimeProvider.System);
        return next(context);
    }

    // Those who are known are nobody that is dropped for others.
    private static Task NoteWhoHasSpoken(HttpContext context, RequestDelegate next)
    {
        if (context.User.Identity is { IsAuthenticated: true })
        {
            context.Features.Get<IConnectionPlace>()?.HasSpoken();
        }

        return next(context);
    }

    private static void AddHost(IServiceCollection services)
    {
        services.AddSingleton<IHostLifetime, NoLifetime>();
        services.Configure<HostOptions>(host => host.ShutdownTimeout = Timeout.InfiniteTimeSpan);
        services.AddRoutingCore();
        services.AddExceptionHandler<ExceptionHandler>();
    }

    // AddAuthentication would bring a key ring in the home folder with it, for cookies that there are not.
    private static void AddSecurity(IServiceCollection services)
    {
        services.AddAuthenticationCore(authentication =>
        {
            authentication.DefaultScheme = TokenHandler.Scheme;
            authentication.AddScheme<TokenHandler>(TokenHandler.Scheme, displayName: null);
        });
        services.AddSingleton(System.Text.Encodings.Web.UrlEncoder.Default);
        services.AddTransient<TokenHandler>();
        services.AddAuthorization(authorization =>
        {
            foreach (Scope scope in Enum.GetValues<Scope>())
            {
                authorization.AddPolicy(scope.ToString(), policy => policy.RequireAuthenticatedUser().RequireAssertion(asked => RunsService.IsAllowed(asked, scope)));
            }

            // What no route has said may be done by nobody; what is no route at all may be told to those who are known.
            authorization.FallbackPolicy = new Microsoft.AspNetCore.Authorization.AuthorizationPolicyBuilder()
                .RequireAuthenticatedUser()
                .RequireAssertion(asked => asked.Resource is HttpContext context && context.GetEndpoint() is not RouteEndpoint)
                .Build();
        });
    }

    private static void UseInOrder(WebApplication app, HostRule hosts, AccessGate gate, ILogger log)
    {
        app.UseHttpMeter();
        app.UseAuditTrail(gate);
        app.Use(BreakOffWhatNobodyTakes);
        app.UseExceptionHandler(new ExceptionHandlerOptions { ExceptionHandler = _ => Task.CompletedTask, AllowStatusCode404Response = true });
        app.UseStatusCodePages(status => ProblemWriter.WriteAsync(
            status.HttpContext, ProblemCode.OfStatus(status.HttpContext.Response.StatusCode), Explain(status.HttpContext)));
        app.UseRefusals(hosts, gate, log);
        app.UseRouting();
        app.UseAuthentication();
        app.Use(NoteWhoHasSpoken);
        app.UseAuthorization();
    }

    private static string Explain(HttpContext context) => context.Response.StatusCode switch
    {
        StatusCodes.Status404NotFound => "there is no such path; /openapi.yaml has them all",
        StatusCodes.Status405MethodNotAllowed => $"this path does not know {context.Request.Method}; it knows {context.Response.Headers.Allow}",
        _ => "the request cannot be answered",
    };

    /// <summary>The daemon starts and stops the host itself, and the signals are its own.</summary>
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
