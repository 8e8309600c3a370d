using Kuid.Jobd.Core.Jobs;
using Kuid.Jobd.Core.Jobs.Waiting;
using Kuid.Jobd.Core.Output;
using Kuid.Jobd.Core.Storage;
using Kuid.TestKit;

namespace Kuid.Jobd.Core.Tests.Jobs.Waiting;

/// <summary>Jobs that come after others which are not in memory, where the history is asked.</summary>
public sealed class DependenciesSpecs : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly ManualClock _clock = new();
    private readonly Queue<Func<JobState>> _answers = new();
    private readonly List<string?> _settled = [];
    private readonly Dependencies _dependencies;

    public DependenciesSpecs() => _dependencies = new Dependencies(
        _ => null,
        ids => Task.FromResult<IReadOnlyDictionary<long, JobState>>(new Dictionary<long, JobState> { [ids[0]] = _answers.Dequeue()() }),
        (_, fault) => _settled.Add(fault),
        _clock);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(AfterMode.Success)]
    [InlineData(AfterMode.End)]
    public async Task A_job_that_is_on_its_way_into_memory_is_waited_for(AfterMode mode)
    {
        _answers.Enqueue(() => JobState.Queued);
        _answers.Enqueue(() => JobState.Succeeded);

        _dependencies.Add(After(1, mode));
        _settled.Should().BeEmpty();

        await AllAreAsked();
        _settled.Should().Equal([null]);
    }

    [Fact]
    public async Task A_history_that_cannot_be_read_is_asked_again()
    {
        _answers.Enqueue(() => throw new StoreException(StoreFault.Locked, "locked"));
        _answers.Enqueue(() => JobState.Failed);

        _dependencies.Add(After(1, AfterMode.Success));

        await AllAreAsked();
        _settled.Should().Equal("job 1, which it comes after, is failed");
    }

    [Fact]
    public void It_is_not_asked_for_a_job_that_waits_no_longer()
    {
        _answers.Enqueue(() => JobState.Queued);
        Job job = After(1, AfterMode.Success);
        _dependencies.Add(job);

        _dependencies.Remove(job);
        _clock.Advance(TimeSpan.FromHours(1));

        (_settled.Count, _dependencies.Count, _clock.Waiting).Should().Be((0, 0, 0));
    }

    private Task AllAreAsked() => Eventually.Holds(
        () =>
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            return _dependencies.Count == 0 && _answers.Count == 0;
        },
        "it is settled",
        Reading.Limit);

    private Job After(long other, AfterMode mode) => new(
        other + 1,
        Specs.Shell("true", spec => spec with { Queue = "default", After = [other], AfterMode = mode }),
        new OutputLog(new SpoolSpace(_folder.Path), _clock, limit: null),
        _clock);
}
