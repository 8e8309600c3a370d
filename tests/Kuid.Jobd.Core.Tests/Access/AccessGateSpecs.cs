using Kuid.Jobd.Core.Access;
using Kuid.Jobd.Core.Native;

namespace Kuid.Jobd.Core.Tests.Access;

/// <summary>Who may do what, for every door: the one function that all of them ask.</summary>
public sealed class AccessGateSpecs
{
    // Nobody that could be running the tests.
    private const uint Other = 4_000_000_000;

    [Theory]
    [InlineData("", false, "")]
    [InlineData("", true, "run")]
    [InlineData("uid:4000000000=read", false, "read")]
    [InlineData("uid:4000000000=read", true, "read")]
    [InlineData("uid:4000000001=admin", false, "")]
    [InlineData("uid:4000000000=run:weather", true, "run:weather")]
    [InlineData("gid:77=run:weather gid:78=read", false, "read run:weather")]
    [InlineData("gid:79=admin", false, "")]
    [InlineData("uid:4000000000=read gid:77=run:weather", true, "read run:weather")]
    [InlineData("cert:uid:4000000000=admin", false, "")]
    public void A_user_may_do_what_the_list_says_and_one_who_is_not_on_it_what_the_socket_invites_to(string list, bool shared, string scopes) =>
        ScopesOf(list, new Caller(CallerKind.User, "uid:4000000000") { UserId = Other, Groups = () => [77, 78], SocketIsShared = shared })
            .Should().Be(scopes);

    [Fact]
    public void Root_and_the_daemons_own_user_may_do_everything_whatever_the_list_says()
    {
        foreach (uint user in (uint[])[0, LibcFiles.EffectiveUserId()])
        {
            ScopesOf($"uid:{user}=read", new Caller(CallerKind.User, $"uid:{user}") { UserId = user }).Should().Be("admin");
        }
    }

    [Fact]
    public void Row_102_Who_cannot_be_told_may_do_nothing() =>
        ScopesOf("uid:4000000000=admin", new Caller(CallerKind.Unknown, "unknown") { UserId = Other, SocketIsShared = true }).Should().BeEmpty();

    [Fact]
    public void An_open_port_runs_jobs_and_a_token_does_what_it_carries()
    {
        ScopesOf(string.Empty, new Caller(CallerKind.OpenPort, "tcp:127.0.0.1")).Should().Be("run");
        ScopesOf("uid:0=admin", new Caller(CallerKind.Token, "token:t") { OfToken = ScopeSet.Of(["read"]) }).Should().Be("read");
        ScopesOf(string.Empty, new Caller(CallerKind.Token, "token:t")).Should().BeEmpty();
    }

    [Theory]
    [InlineData("cert:laptop.example", "read")]
    [InlineData("cert:Laptop.example", "")]
    [InlineData("cert:other", "")]
    public void A_certificate_does_what_the_list_says_of_its_name(string principal, string scopes) =>
        ScopesOf("cert:laptop.example=read uid:0=admin", new Caller(CallerKind.Certificate, principal)).Should().Be(scopes);

    [Fact]
    public void A_refusal_is_noted_when_it_is_decided_and_what_is_allowed_with_its_job()
    {
        var notes = new Notes();
        var gate = new AccessGate(() => AccessList.Nobody, notes);

        gate.Decide("sockproc", new Caller(CallerKind.User, "uid:7") { UserId = Other }, "run", Scope.Run).IsAllowed.Should().BeFalse();
        AccessDecision allowed = gate.Decide("services", new Caller(CallerKind.OpenPort, "tcp:127.0.0.1"), "call", Scope.Run, "weather");
        notes.Decisions.Should().Equal(new AccessDecision(IsAllowed: false, "sockproc", "uid:7", "run", Scope.Run));
        gate.Note(allowed with { Job = 3 });
        notes.Decisions[1].Should().Be(new AccessDecision(IsAllowed: true, "services", "tcp:127.0.0.1", "call", Scope.Run) { Service = "weather", Job = 3 });
    }

    [Fact]
    public void A_changed_list_is_asked_from_then_on()
    {
        AccessList list = AccessList.Of([$"uid:{Other}=run"]);
        var gate = new AccessGate(() => list, NoAuditLog.Instance);
        var caller = new Caller(CallerKind.User, "uid") { UserId = Other };
        gate.ScopesOf(caller).Allows(Scope.Run).Should().BeTrue();
        list = AccessList.Nobody;
        gate.ScopesOf(caller).IsEmpty.Should().BeTrue();
    }

    private static string ScopesOf(string list, Caller caller) =>
        string.Join(' ', new AccessGate(() => AccessList.Of(list.Split(' ', StringSplitOptions.RemoveEmptyEntries)), NoAuditLog.Instance).ScopesOf(caller).Words);

    private sealed class Notes : IAuditLog
    {
        internal List<AccessDecision> Decisions { get; } = [];

        public void Write(in AccessDecision decision) => Decisions.Add(decision);
    }
}
