namespace Kuid.Jobd.Tests;

/// <summary>When memory is given back, by what has been allocated at each look.</summary>
public sealed class RestingMemorySpecs : IDisposable
{
    private const long MiB = 1024 * 1024;
    private readonly RestingMemory _memory;
    private long _allocated;
    private int _givenBack;

    public RestingMemorySpecs() => _memory = new RestingMemory(() => _allocated, () => _givenBack++);

    [Fact]
    public void Nothing_is_given_back_while_work_goes_on()
    {
        LookAfter(20 * MiB, 1 * MiB, 20 * MiB, 64 * 1024);

        _givenBack.Should().Be(0);
    }

    [Fact]
    public void After_much_work_it_is_given_back_at_the_first_rest_and_once()
    {
        LookAfter(20 * MiB);
        _givenBack.Should().Be(0, "all of it was allocated just now");

        LookAfter(1000);
        _givenBack.Should().Be(1);

        LookAfter(0, 1000, 0);
        _givenBack.Should().Be(1, "a daemon that goes on resting has nothing more to give");
    }

    [Fact]
    public void After_little_work_everything_stays_until_it_has_come_to_much()
    {
        LookAfter(2 * MiB, 0);
        _givenBack.Should().Be(1, "the start is much work, whatever it allocated");

        LookAfter(3 * MiB, 0, 0);
        _givenBack.Should().Be(1);

        LookAfter(1 * MiB, 0);
        _givenBack.Should().Be(2);
    }

    [Fact]
    public void After_each_burst_it_is_given_back_anew()
    {
        LookAfter(8 * MiB, 0, 8 * MiB, 0, 8 * MiB, 0);

        _givenBack.Should().Be(3);
    }

    public void Dispose() => _memory.Dispose();

    private void LookAfter(params long[] bytes)
    {
        foreach (long each in bytes)
        {
            _allocated += each;
            _memory.Look();
        }
    }
}
