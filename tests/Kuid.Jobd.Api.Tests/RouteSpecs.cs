using Kuid.Jobd.Api.Security;
using Kuid.Jobd.Core.Access;
using Kuid.TestKit.Contract;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kuid.Jobd.Api.Tests;

/// <summary>The routing table of the door as it is built for the daemon, beside the contract.</summary>
public sealed class RouteSpecs : IAsyncLifetime
{
    // Building needs no engine: nothing is served here.
    private readonly HttpDoor _door = new(
        jobs: null!, hosts: null!, schedules: null!, sessions: null!, new IncomingConnections(), streams: 1, services: null!,
        new AccessTokens(new AccessToken("x")), new AccessGate(() => AccessList.Nobody, NoAuditLog.Instance), version: "0",
        NullLoggerFactory.Instance);

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync() => await _door.DisposeAsync();

    [Fact]
    public void Every_operation_of_the_contract_is_served_under_its_name_and_nothing_else_is() =>
        _door.Endpoints.Select(Describe).Should().BeEquivalentTo(
            HttpContract.OfRepository.Operations.Select(operation => $"{operation.Method} {operation.Path} {operation.Id}"));

    [Fact]
    public void Every_route_says_which_scope_it_needs_or_that_it_needs_none()
    {
        foreach (RouteEndpoint endpoint in _door.Endpoints)
        {
            bool open = endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null;
            bool guarded = endpoint.Metadata.GetMetadata<RequiredScope>() is { } required
                && endpoint.Metadata.GetMetadata<IAuthorizeData>()?.Policy == required.Scope.ToString();
            (open ^ guarded).Should().BeTrue("{0} has to say one of both", Describe(endpoint));
        }
    }

    [Fact]
    public void Only_health_and_version_need_no_token() =>
        _door.Endpoints.Where(endpoint => endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null).Select(NameOf)
            .Should().BeEquivalentTo("getHealth", "getVersion");

    [Fact]
    public void What_only_looks_needs_the_scope_read_and_everything_else_run()
    {
        foreach (RouteEndpoint endpoint in _door.Endpoints.Where(endpoint => endpoint.Metadata.GetMetadata<RequiredScope>() is not null))
        {
            bool looks = endpoint.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods is ["GET"];
            endpoint.Metadata.GetRequiredMetadata<RequiredScope>().Scope.Should().Be(looks ? Scope.Read : Scope.Run, "{0}", Describe(endpoint));
        }
    }

    [Fact]
    public void The_table_in_SECURITY_md_is_that_of_the_routes()
    {
        IEnumerable<string> lines = _door.Endpoints.Select(endpoint =>
        {
            string scope = endpoint.Metadata.GetMetadata<RequiredScope>() is { } required ? ScopeSet.WordOf(required.Scope) : "none";
            string orService = endpoint.Metadata.GetMetadata<RunsService>() is null ? string.Empty : " or run:NAME";
            return $"| `{endpoint.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods.Single()} {endpoint.RoutePattern.RawText}` | {NameOf(endpoint)} | {scope}{orService} |";
        });

        File.ReadLines(Repository.File("SECURITY.md")).Where(line => line.StartsWith("| `", StringComparison.Ordinal)).Should().BeEquivalentTo(lines);
    }

    private static string Describe(RouteEndpoint endpoint) =>
        $"{endpoint.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods.Single()} {endpoint.RoutePattern.RawText} {NameOf(endpoint)}";

    private static string NameOf(RouteEndpoint endpoint) => endpoint.Metadata.GetRequiredMetadata<IEndpointNameMetadata>().EndpointName;
}
