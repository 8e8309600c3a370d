using Kuid.Bench.Load;

namespace Kuid.Bench.Tests;

public sealed class LoadSpecs
{
    [Fact]
    public void The_line_of_crlfload_is_understood() =>
        CrlfLoad.Parse("requests=3000 bad=0 rate=1545/s p50=5.01ms p99=9.80ms max=12.00ms MB/s=0.1 bytes=60000\n", leastBytes: 60_000)
            .Should().Be(new Figures(1545, 5.01, 9.8));

    [Fact]
    public void Replies_that_are_framed_but_too_short_fail_the_run()
    {
        Action parse = () => CrlfLoad.Parse("requests=1 bad=0 rate=9/s p50=5.01ms p99=9.80ms max=12.00ms MB/s=0.1 bytes=26\n", leastBytes: 100);

        parse.Should().Throw<CaseFailedException>().WithMessage("*26 bytes*");
    }

    [Fact]
    public void The_line_of_spawnlimit_is_understood() =>
        SpawnLimit.Parse("threads=2 2434/s 0.821ms each\n").Should().Be(new Figures(2434));

    [Fact]
    public void The_rate_and_the_percentiles_of_h2load_come_from_its_log()
    {
        // Microseconds since 1970, status, microseconds; four requests within two seconds.
        string[] log = ["1000000\t200\t500000", "1000000\t200\t1000000", "1500000\t200\t500000", "2000000\t200\t1000000"];

        H2Load.Parse(log, requests: 4, status: 200).Should().Be(new Figures(2, 500, 1000));
    }

    [Theory]
    [InlineData("1000000\t503\t10", "*503*")]
    [InlineData("1000000\t-1\t10", "*-1*")]
    public void An_answer_that_is_not_the_expected_one_fails_the_run(string line, string message)
    {
        Action parse = () => H2Load.Parse(["1000000\t200\t10", line], requests: 2, status: 200);

        parse.Should().Throw<CaseFailedException>().WithMessage(message);
    }

    [Fact]
    public void An_answer_that_is_absent_fails_the_run()
    {
        Action parse = () => H2Load.Parse(["1000000\t200\t10"], requests: 2, status: 200);

        parse.Should().Throw<CaseFailedException>().WithMessage("1 of 2*");
    }
}
