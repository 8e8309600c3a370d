using Kuid.Sysreq.Remote;

namespace Kuid.Sysreq.Tests.Remote;

public sealed class ArchitectureSpecs
{
    [Theory]
    [InlineData("read", 0, 63)]
    [InlineData("write", 1, 64)]
    [InlineData("openat", 257, 56)]
    [InlineData("getdents64", 217, 61)]
    [InlineData("statx", 332, 291)]
    [InlineData("newfstatat", 262, 79)]
    [InlineData("clone", 56, 220)]
    [InlineData("execve", 59, 221)]
    [InlineData("exit", 60, 93)]
    [InlineData("wait4", 61, 260)]
    [InlineData("mmap", 9, 222)]
    [InlineData("prlimit64", 302, 261)]
    [InlineData("clone3", 435, 435)]
    [InlineData("close_range", 436, 436)]
    [InlineData("futex_requeue", 456, 456)]
    public void A_call_has_its_number_on_each_machine(string name, long x86, long arm)
    {
        Architecture.X8664.FindCall(name)!.Value.Number.Should().Be(x86);
        Architecture.Aarch64.FindCall(name)!.Value.Number.Should().Be(arm);
        Architecture.X8664.NameOf(x86).Should().Be(name);
        Architecture.Aarch64.NameOf(arm).Should().Be(name);
    }

    [Fact]
    public void What_a_machine_has_not_it_has_not()
    {
        Architecture.X8664.FindCall("open")!.Value.Number.Should().Be(2);
        Architecture.Aarch64.FindCall("open").Should().BeNull();
        Architecture.X8664.FindCall("openatt").Should().BeNull();
        Architecture.X8664.NameOf(9999).Should().Be("nr9999");
    }

    [Fact]
    public void The_flags_that_differ_are_translated()
    {
        var flags = OpenFlags.Write | OpenFlags.Create | OpenFlags.Directory | OpenFlags.NoFollow;

        Architecture.X8664.Translate(flags).Should().Be(0x30041);
        Architecture.Aarch64.Translate(flags).Should().Be(0xC041);
    }

    [Fact]
    public void Every_error_has_its_name_and_text()
    {
        new Errno(2).ToString().Should().Be("ENOENT");
        new Errno(2).Text.Should().Be("no such file or directory");
        new Errno(133).Name.Should().Be("EHWPOISON");
        new Errno(4000).Name.Should().Be("E4000");
        Errno.Parse("EHOSTUNREACH").Should().Be(new Errno(113));
        Errno.Parse("ENONSENSE").Should().BeNull();
        Errno.Of(-4095).Should().Be(new Errno(4095));
        Errno.Of(-4096).Should().BeNull();
        Errno.Of(0).Should().BeNull();
    }
}
