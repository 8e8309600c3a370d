using Kuid.Jobd.Core.Native;

namespace Kuid.Coprocess.Tests;

/// <summary>Ten thousand messages with the right and the wrong numbers of descriptors, cut and merged in every way.</summary>
public sealed class AcceptanceSpecs
{
    private const int Messages = 10_000;
    private const int WarmUp = 200;

    private static readonly int[] Counts = [3, 0, 1, 4, LibcSocket.MaxDescriptors];

    [Fact]
    public async Task Row_85_ten_thousand_messages_get_right_answers_and_leave_descriptors_flat_and_others_unaffected()
    {
        await using CoprocessDaemon daemon = await CoprocessDaemon.Start();
        using var other = new Wire(daemon.Socket);
        using var leaving = new CancellationTokenSource();
        Task<int> beside = AskBesideAsync(other, leaving.Token);

        FuzzPlan plan = FuzzPlan.Of(Messages);
        using (var wire = new Wire(daemon.Socket))
        {
            for (int i = 0; i < WarmUp; i++)
            {
                await ExchangeAsync(wire, new Dice(plan.Seed, i), plan);
            }

            int before = daemon.Descriptors;
            for (long i = WarmUp; i < plan.Count; i++)
            {
                await ExchangeAsync(wire, new Dice(plan.Seed, i), plan);
            }

            await Eventually.Holds(
                () => daemon.Descriptors <= before, () => $"the daemon has {before} descriptors again, not {daemon.Descriptors}; {plan}");
        }

        await leaving.CancelAsync();
        (await beside).Should().BePositive("the other connection has worked all the time");
    }

    // One message or two in a row, in one of the ways that they can be cut.
    private static async Task ExchangeAsync(Wire wire, Dice dice, FuzzPlan plan)
    {
        using SafeFd file = LibcFiles.OpenOwn("/dev/null", UnixFileMode.None);
        int count = dice.Of(Counts);
        SafeFd[] descriptors = [.. Enumerable.Repeat(file, count)];
        (string payload, string expected) = RequestOf(dice, count);
        byte[] bytes = Wire.Netstring(payload);
        string? second = null;
        switch (dice.Below(4))
        {
            case 0:
                await wire.Send(bytes, descriptors);
                break;
            case 1:
                await wire.SendBytewise(bytes, descriptors, dice.Below(bytes.Length));
                break;
            case 2:
                int cut = 1 + dice.Below(bytes.Length - 1);
                await wire.Send(bytes.AsMemory(0, cut));
                await wire.Send(bytes.AsMemory(cut), descriptors);
                break;
            default:
                await wire.Send((byte[])[.. bytes, .. Wire.Netstring("ENV\0SECOND=1\0")], descriptors);
                second = "OK";
                break;
        }

        (await wire.Reply()).Should().StartWith(expected, "{0} came with {1} descriptors; {2}", payload, count, plan);
        if (second is not null)
        {
            (await wire.Reply()).Should().Be(second, "it came right behind {0}; {1}", payload, plan);
        }
    }

    private static (string Payload, string Expected) RequestOf(Dice dice, int count) => dice.Below(4) switch
    {
        0 => ("ARGV\0true\0", count == 3 ? "OK 0" : "ERROR ARGV takes 3"),
        1 => ("EVAL test -c /dev/stdin", count == 3 ? "OK 0" : "ERROR EVAL takes 3"),
        2 => ("ENV\0K=v\0", count is 0 or 3 ? "OK" : "ERROR ENV takes no descriptors or 3"),
        _ => ("NONSENSE", "ERROR unknown request \"NONSENSE\""),
    };

    private static async Task<int> AskBesideAsync(Wire wire, CancellationToken leaving)
    {
        using var streams = new Streams();
        int answers = 0;
        do
        {
            (await wire.Ask($"EVAL echo {answers}", streams.All)).Should().Be("OK 0");
            LibcIo.Read(streams.Reader, new byte[64]).Should().BePositive();
            answers++;
        }
        while (!leaving.IsCancellationRequested);
        return answers;
    }
}
