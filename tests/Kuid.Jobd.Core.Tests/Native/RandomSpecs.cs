using Kuid.Jobd.Core.Native;

namespace Kuid.Jobd.Core.Tests.Native;

/// <summary>Random bytes of the kernel.</summary>
public sealed class RandomSpecs
{
    [Fact]
    public void As_many_come_as_are_asked_for_and_others_each_time()
    {
        byte[] one = LibcRandom.Bytes(256), other = LibcRandom.Bytes(256);

        one.Should().HaveCount(256).And.NotEqual(other);
        one.Distinct().Should().HaveCountGreaterThan(64, "all of it was filled");
    }

    [Fact]
    public void More_than_come_in_one_piece_are_refused() =>
        FluentActions.Invoking(() => LibcRandom.Bytes(257)).Should().Throw<ArgumentOutOfRangeException>();
}
