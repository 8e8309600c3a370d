namespace Kuid.Sockproc.Tests.Clients;

// The module that the original's users have, unchanged. The developer provides it: LUA_RESTY_SHELL is the folder that holds
// resty/shell.lua.
public sealed class LuaRestyShellSpecs
{
    private readonly Doors _doors;

    public LuaRestyShellSpecs(Doors doors)
    {
        NginxServer.SkipUnlessInstalled();
        Assert.SkipUnless(Lib is not null, "runs juce/lua-resty-shell; LUA_RESTY_SHELL is to be the folder that holds resty/shell.lua");
        _doors = doors;
    }

    private static string? Lib => Environment.GetEnvironmentVariable("LUA_RESTY_SHELL");

    [Theory]
    [InlineData(Transport.Unix)]
    [InlineData(Transport.Tcp)]
    public async Task Output_stdin_and_status_come_through(Transport transport)
    {
        await using NginxServer nginx = await Start(transport);

        string uname = (await ToolRun.Of("uname", ["-a"])).Text;
        (await nginx.Uname()).Should().Be(uname);
        (await nginx.Status("echo a; echo b >&2; exit 3")).Should().StartWith("status: 768\n").And.EndWith("stdout: a\n\nstderr: b\n\n");
        (await nginx.Status("kill -9 $$")).Should().StartWith("status: 9\n");

        byte[] data = new byte[5_000_000];
        new Random(6).NextBytes(data);
        (await nginx.Echo(data)).AsSpan().SequenceEqual(data).Should().BeTrue();
    }

    [Fact]
    public async Task An_error_reply_is_its_minus_one_with_the_reason()
    {
        await using NginxServer nginx = await Start(Transport.Unix);

        (await nginx.Status("GET / HTTP/1.1")).Should().StartWith("status: -1\n").And.Contain("stderr: kuid-jobd: this looks like");
    }

    // The example calls kuid.shell, whose execute is the same; exit_code is not there.
    private Task<NginxServer> Start(Transport transport)
    {
        string socket = transport == Transport.Unix
            ? $"\"unix:{_doors.Unix.Address}\""
            : $"{{ host = \"127.0.0.1\", port = {_doors.Tcp.Address} }}";
        return NginxServer.Start("@SOCKET@", Lib, configuration => configuration
            .Replace("\"@SOCKET@\"", socket, StringComparison.Ordinal)
            .Replace("kuid.shell", "resty.shell", StringComparison.Ordinal)
            .Replace("shell.exit_code(status)", "nil", StringComparison.Ordinal));
    }
}
