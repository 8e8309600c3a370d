using Kuid.Jobd.Api.Operations;
using Kuid.Jobd.Api.Parameters;
using Kuid.Jobd.Api.Problems;
using Kuid.Jobd.Core.Jobs;
using Kuid.Jobd.Core.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Kuid.Jobd.Api.Tests;

/// <summary>Queries and headers, from their text.</summary>
public sealed class ParameterSpecs
{
    [Theory]
    [InlineData("?limit=0")]
    [InlineData("?limit=-1")]
    [InlineData("?limit=1.5")]
    [InlineData("?limit=")]
    [InlineData("?limit=%201")]
    [InlineData("?limit=1&limit=2")]
    [InlineData("?Limit=1")]
    [InlineData("?state=done")]
    [InlineData("?state=queued,")]
    [InlineData("?state=Queued")]
    [InlineData("?state=7")]
    [InlineData("?kind=pipelines")]
    [InlineData("?origin=web")]
    [InlineData("?label=")]
    [InlineData("?label==v")]
    [InlineData("?q=")]
    [InlineData("?createdAfter=yesterday")]
    [InlineData("?createdAfter=2026-03-01")]
    [InlineData("?createdAfter=2026-03-01T12:00:00")]
    [InlineData("?createdBefore=2026-13-01T12:00:00Z")]
    [InlineData("?cursor=")]
    [InlineData("?cursor=42")]
    [InlineData("?cursor=%2e%2e%2f")]
    [InlineData("?order=id")]
    public void A_list_is_refused_for_what_is_not_allowed(string query) =>
        FluentActions.Invoking(() => ListJobs.QueryOf(QueryOf(query))).Should().Throw<ProblemException>()
            .Which.Code.Should().Be(ProblemCode.Parameter);

    [Fact]
    public void A_list_is_asked_for_by_everything_together()
    {
        JobQuery query = ListJobs.QueryOf(QueryOf(
            "?limit=20&cursor=" + Cursor.Of(41) + "&state=queued,running&queue=builds&kind=argv&service=s&origin=sockproc&label=team=a=b&label=nightly"
            + "&q=make&createdAfter=2026-03-01T13:00:00%2B01:00&createdBefore=2026-03-01T12:00:00.5Z"));
        query.States.Should().Equal(JobState.Queued, JobState.Running);
        query.Labels.Should().Equal(KeyValuePair.Create("team", (string?)"a=b"), KeyValuePair.Create("nightly", (string?)null));
        query.Should().BeEquivalentTo(new
        {
            Limit = 20,
            Before = 41L,
            Queue = "builds",
            Kind = JobKind.Argv,
            Service = "s",
            Origin = JobOrigin.Sockproc,
            Text = "make",
            CreatedAfter = new DateTime(2026, 3, 1, 12, 0, 0, DateTimeKind.Utc),
            CreatedBefore = new DateTime(2026, 3, 1, 12, 0, 0, 500, DateTimeKind.Utc),
        });
    }

    [Theory]
    [InlineData("", 50)]
    [InlineData("?limit=500", 500)]
    [InlineData("?limit=501", 500)]
    [InlineData("?limit=9223372036854775807", 500)]
    public void A_page_has_at_most_500_jobs(string query, int limit) => ListJobs.QueryOf(QueryOf(query)).Limit.Should().Be(limit);

    [Theory]
    [InlineData("wait=30", 30)]
    [InlineData("respond-async, wait=5", 5)]
    [InlineData("WAIT = \"7\" ; x=1", 7)]
    [InlineData("wait=61", 60)]
    [InlineData("wait=99999999999999999999", 60)]
    [InlineData("wait=0", 0)]
    [InlineData("wait=1, wait=2", 1)]
    [InlineData("return=minimal", null)]
    [InlineData("waiting=3", null)]
    public void A_preference_of_waiting_is_taken_up_to_a_minute(string prefer, int? seconds) =>
        Wait.Preferred(new HeaderDictionary { ["Prefer"] = prefer }).Should().Be(seconds);

    [Theory]
    [InlineData("wait")]
    [InlineData("wait=")]
    [InlineData("wait=soon")]
    [InlineData("wait=-1")]
    [InlineData("wait=1.5")]
    public void A_preference_that_is_no_time_is_refused(string prefer) =>
        FluentActions.Invoking(() => Wait.Preferred(new HeaderDictionary { ["Prefer"] = prefer })).Should().Throw<ProblemException>()
            .Which.Code.Should().Be(ProblemCode.Parameter);

    [Theory]
    [InlineData("?wait=60.5")]
    [InlineData("?wait=-1")]
    [InlineData("?wait=NaN")]
    [InlineData("?wait=1e1")]
    [InlineData("?wait=")]
    [InlineData("?wait=1&wait=2")]
    public void A_wait_that_is_not_0_to_60_seconds_is_refused(string query) =>
        FluentActions.Invoking(() => Wait.Of(new QueryParameters(QueryOf(query), Wait.Parameter))).Should().Throw<ProblemException>();

    [Fact]
    public void A_wait_may_have_a_fraction() =>
        Wait.Of(new QueryParameters(QueryOf("?wait=0.25"), Wait.Parameter)).Should().Be(TimeSpan.FromSeconds(0.25));

    [Theory]
    [InlineData(1)]
    [InlineData(41)]
    [InlineData(long.MaxValue)]
    public void A_cursor_leads_back_to_where_it_came_from(long before) => Cursor.Parse(Cursor.Of(before)).Should().Be(before);

    [Theory]
    [InlineData("")]
    [InlineData("41")]
    [InlineData("bzo0MQ")]
    [InlineData("ajo0MQ==")]
    [InlineData("ajo0MQ ")]
    [InlineData("ajotMQ")]
    [InlineData("ajowNDE")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public void A_cursor_that_was_never_given_is_none(string cursor) => Cursor.Parse(cursor).Should().BeNull();

    [Theory]
    [InlineData("\"3\"", true)]
    [InlineData("W/\"3\"", true)]
    [InlineData("\"1\", \"3\"", true)]
    [InlineData("*", true)]
    [InlineData("\"4\"", false)]
    [InlineData("3", false)]
    [InlineData("", false)]
    public void A_version_is_known_by_its_tag(string ifNoneMatch, bool known) => JobVersion.IsKnown(
        new JobRecord
        {
            Id = 1,
            Version = 3,
            Kind = JobKind.Shell,
            State = JobState.Queued,
            Origin = JobOrigin.Http,
            Principal = "p",
            Argv = [],
            CreatedAt = default,
        },
        ifNoneMatch).Should().Be(known);

    private static QueryCollection QueryOf(string query) => new(QueryHelpers.ParseQuery(query));
}
