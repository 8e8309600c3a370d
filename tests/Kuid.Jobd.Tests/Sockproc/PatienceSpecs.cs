using Kuid.Jobd.Doors.Sockproc;

namespace Kuid.Jobd.Tests.Sockproc;

public sealed class PatienceSpecs
{
    private static readonly Func<CancellationToken, ValueTask> Never = token => new ValueTask(Task.Delay(Timeout.Infinite, token));

    [Fact]
    public async Task Whoever_pauses_for_longer_than_the_limit_has_had_his_time() =>
        (await new Patience(TimeSpan.FromMilliseconds(50), rate: 1).WaitAsync(Never)).Should().BeFalse();

    [Fact]
    public async Task Pauses_add_up_where_the_bytes_between_them_are_too_few()
    {
        var patience = new Patience(TimeSpan.FromSeconds(1), rate: 1000);
        bool more = true;
        for (int pause = 0; more && pause < 100; pause++)
        {
            more = await patience.WaitAsync(token => new ValueTask(Task.Delay(TimeSpan.FromSeconds(0.2), token)));
            patience.Moved(1);
        }

        more.Should().BeFalse("a byte brings a thousandth of a second back");
    }

    [Theory]
    [InlineData(1000, 500)]
    [InlineData(null, 1)]
    public async Task Pauses_do_not_add_up_where_enough_has_come_or_any_byte_is_enough(int? rate, int bytes)
    {
        var patience = new Patience(TimeSpan.FromSeconds(3), rate);
        for (int pause = 0; pause < 20; pause++)
        {
            (await patience.WaitAsync(token => new ValueTask(Task.Delay(TimeSpan.FromSeconds(0.2), token)))).Should().BeTrue();
            patience.Moved(bytes);
        }
    }

    [Fact]
    public async Task Whose_waiting_is_ended_by_another_has_not_had_his_time()
    {
        using var ended = new CancellationTokenSource(TimeSpan.FromMilliseconds(20));
        Func<Task> wait = async () => await new Patience(TimeSpan.FromHours(1), rate: null).WaitAsync(Never, ended.Token);
        await wait.Should().ThrowAsync<OperationCanceledException>();
    }
}
