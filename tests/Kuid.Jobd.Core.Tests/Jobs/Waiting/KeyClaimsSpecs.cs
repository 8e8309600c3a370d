using Kuid.Jobd.Core.Jobs;
using Kuid.Jobd.Core.Jobs.Waiting;
using Kuid.Jobd.Core.Output;
using Kuid.TestKit;

namespace Kuid.Jobd.Core.Tests.Jobs.Waiting;

public sealed class KeyClaimsSpecs : IDisposable
{
    private static readonly JobSpec Skips = Specs.Shell("true", spec => spec with { Queue = "default", Key = "k", KeyPolicy = KeyPolicy.Skip });

    private readonly TempFolder _folder = new();
    private readonly Dictionary<long, Job> _jobs = [];
    private readonly KeyClaims _claims;

    public KeyClaimsSpecs() => _claims = new KeyClaims(id => _jobs.GetValueOrDefault(id));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void One_on_its_way_to_the_disk_is_skipped_for_and_one_that_has_ended_is_not_before_it_is_released_either()
    {
        _claims.TryClaim(1, Skips).Should().BeNull();
        _claims.TryClaim(2, Skips).Should().Be(1, "it may yet fail, but is first");

        var clock = new ManualClock();
        _jobs[1] = new Job(1, Skips, new OutputLog(new SpoolSpace(_folder.Path), clock, limit: null), clock);
        _claims.TryClaim(2, Skips).Should().Be(1, "it waits");

        _jobs[1].RequestEnd(JobReason.Canceled);
        _claims.TryClaim(2, Skips).Should().BeNull();
        _claims.TryClaim(3, Skips).Should().Be(2);
    }
}
