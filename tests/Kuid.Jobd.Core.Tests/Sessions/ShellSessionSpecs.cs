using Kuid.Jobd.Core.Jobs;
using Kuid.Jobd.Core.Sessions;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kuid.Jobd.Core.Tests.Sessions;

/// <summary>What happens to a session between two steps of those who use it.</summary>
public sealed class ShellSessionSpecs
{
    [Fact]
    public async Task An_evaluation_that_begins_when_its_session_has_been_closed_is_canceled()
    {
        await using var engine = new Engine();
        await using var table = new SessionTable(engine.Hosts, TimeProvider.System, NullLogger<SessionTable>.Instance);
        ShellSession session = await table.OpenAsync("local", "uid:1", TimeSpan.FromMinutes(1), CancellationToken.None);
        using IDisposable? use = session.TryUse();

        table.Close(session).Should().BeTrue();
        using Job job = session.Evaluate(engine.Service, Specs.Pipeline("sleep 600"));

        (await job.Ended.WaitAsync(Reading.Limit)).Reason.Should().Be(JobReason.Canceled);
    }
}
