namespace Kuid.Sysreqd.Tests.Requests;

public sealed class BannerSpecs
{
    private const int Pipelined = 1, Look = 2;

    [Fact]
    public async Task It_names_program_version_architecture_and_features()
    {
        await using Server server = await Server.Start();
        using Connection connection = server.Connect();

        connection.Ident.Should().Equal([.. "kuid-sysreq"u8, 1, (byte)server.Abi.Machine, 0, Pipelined, 0]);
    }

    [Fact]
    public async Task It_tells_of_the_read_only_profile()
    {
        await using Server server = await Server.Start(profile: ["look"]);
        using Connection connection = server.Connect();

        connection.Ident[14].Should().Be(Pipelined | Look);
    }
}
