using System.Text;
using Kuid.Jobd.Core.Callbacks;
using Kuid.TestKit;

namespace Kuid.Jobd.Core.Tests.Callbacks;

/// <summary>What callbacks are signed with: made once, private, and checked by every library of Standard Webhooks.</summary>
public sealed class CallbackSecretSpecs : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_signature_is_that_of_the_specifications_own_libraries()
    {
        // The vector of the tests of standard-webhooks/standard-webhooks.
        CallbackSecret secret = CallbackSecret.Parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")!;

        secret.Sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, "{\"test\": 2432232314}"u8)
            .Should().Be("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    [Fact]
    public void It_is_made_once_and_only_its_owner_can_read_it()
    {
        CallbackSecret made = CallbackSecret.ReadOrMake(_folder["secret"]);
        CallbackSecret read = CallbackSecret.ReadOrMake(_folder["secret"]);

        File.GetUnixFileMode(_folder["secret"]).Should().Be(OwnerOnly);
        read.Sign("id", 1, "x"u8).Should().Be(made.Sign("id", 1, "x"u8));
        CallbackSecret.ReadOrMake(_folder["other"]).Sign("id", 1, "x"u8).Should().NotBe(made.Sign("id", 1, "x"u8));
    }

    [Theory]
    [InlineData("secret")]
    [InlineData("whsec_")]
    [InlineData("whsec_AAAA")]
    [InlineData("whsec_not base64 at all, not even nearly so")]
    public void A_file_that_is_no_secret_is_refused_and_left(string text)
    {
        File.WriteAllText(_folder["secret"], text);
        File.SetUnixFileMode(_folder["secret"], OwnerOnly);

        Action read = () => CallbackSecret.ReadOrMake(_folder["secret"]);

        read.Should().Throw<InvalidDataException>().WithMessage($"{_folder["secret"]}: is no secret*");
        File.ReadAllText(_folder["secret"], Encoding.UTF8).Should().Be(text);
    }

    [Fact]
    public void A_secret_that_others_can_read_is_none()
    {
        CallbackSecret.ReadOrMake(_folder["secret"]);
        File.SetUnixFileMode(_folder["secret"], OwnerOnly | UnixFileMode.GroupRead);

        Action read = () => CallbackSecret.ReadOrMake(_folder["secret"]);

        read.Should().Throw<InvalidDataException>().WithMessage("*others may have read*chmod 600*");
    }
}
