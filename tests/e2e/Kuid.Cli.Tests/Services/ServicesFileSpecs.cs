using Kuid.Cli.Services;
using Kuid.Jobd.Core.Services;

namespace Kuid.Cli.Tests.Services;

public sealed class ServicesFileSpecs
{
    [Fact]
    public void A_file_is_services_with_their_settings()
    {
        IReadOnlyList<AdvertisedService> services = ServicesFile.Parse(
            """
            # two
            [weather]
            path = /bin/echo
            description = "Forecast for a city"
            pty = true
            stderr = separate
            env = TERM LANG
            max = 4
            timeoutSeconds = 1.5
            param.days = integer, min 1, max 7
            param.city = string, max 40, optional
            ; the other
            [Clock.2]
              path=/bin/date
            """);

        services.Should().BeEquivalentTo(
            new AdvertisedService[]
            {
                new(
                    new ServiceDefinition
                    {
                        Name = "weather",
                        Description = "Forecast for a city",
                        Pty = true,
                        Stderr = StderrMode.Separate,
                        Env = ["TERM", "LANG"],
                        Max = 4,
                        TimeoutSeconds = 1.5,
                        Parameters =
                        [
                            new("days", ParameterType.Integer) { Min = 1, Max = 7 },
                            new("city", ParameterType.Text) { Max = 40, Optional = true },
                        ],
                    },
                    "/bin/echo"),
                new(new ServiceDefinition { Name = "Clock.2" }, "/bin/date"),
            },
            order => order.WithStrictOrdering());
    }

    [Fact]
    public void Parameters_keep_the_order_of_their_lines()
    {
        string[] names = [.. Enumerable.Range(0, 60).Select(number => $"p{number * 7919 % 60}")];

        ServicesFile.Parse("[s]\npath = /bin/echo\n" + string.Join('\n', names.Select(name => $"param.{name} = string")))
            .Single().Definition.Parameters.Select(parameter => parameter.Name).Should().Equal(names);
    }

    [Theory]
    [InlineData("[s]\npath = /bin/echo\npty = perhaps", "3: \"pty = perhaps\": allowed: true, false")]
    [InlineData("[s]\npath = /bin/echo\nstderr = apart", "3: \"stderr = apart\": allowed: merge, separate")]
    [InlineData("[s]\npath = /bin/echo\nmax = 0", "3: \"max = 0\": s: max is 0; 1 and more are allowed")]
    [InlineData("[s]\npath = /bin/echo\nmax = many", "3: \"max = many\": allowed: a whole number from 1 to 2147483647")]
    [InlineData("[s]\npath = /bin/echo\ntimeoutSeconds = soon", "3: \"timeoutSeconds = soon\": allowed: a number of seconds")]
    [InlineData("[s]\npath = /bin/echo\nenv = 1X", "3: \"env = 1X\": s: env: \"1X\" is no name of a variable: letters, digits and _ are, and no digit comes first")]
    [InlineData("[s]\npath = /bin/echo\nparam.n = integer, least 3", "3: \"param.n = integer, least 3\": \"least 3\" is no rule of a parameter; *")]
    [InlineData("[s]\npath = /bin/echo\nparam.a = string, optional\nparam.b = string", "4: \"param.b = string\": s: b has to be given, and a in front of it has not: *")]
    [InlineData("[s]\npath = /bin/echo\ntimeoutSecond = 3", "3: \"timeoutSecond = 3\": a service has no timeoutSecond (did you mean timeoutSeconds?); allowed: path, *")]
    [InlineData("[s]\npath = /bin/echo\nPATH = /bin/echo", "3: \"PATH = /bin/echo\": s has PATH already")]
    [InlineData("[s]\npath = bin/echo", "2: \"path = bin/echo\": allowed: a full path, which begins with /")]
    [InlineData("[s]\npath = /etc", "2: \"path = /etc\": that is a folder and no program")]
    [InlineData("[s]\npath = /no/such/program", "2: \"path = /no/such/program\": that cannot be executed: ENOENT (No such file or directory)")]
    [InlineData("[s]\npath = /etc/passwd", "2: \"path = /etc/passwd\": that cannot be executed: EACCES (Permission denied)")]
    [InlineData("[s]\ndescription = nothing", "1: \"[s]\": it has no path = /FULL/PATH/OF/A/PROGRAM")]
    [InlineData("[a b]\npath = /bin/echo", "1: \"[a b]\": the name \"a b\" is not allowed: *")]
    [InlineData("[s]\npath = /bin/echo\n\n[s]\n", "4: \"[s]\": line 1 has begun it already")]
    [InlineData("path = /bin/echo", "1: \"path = /bin/echo\": it belongs to no service; allowed: [SERVICE] in front of it")]
    [InlineData("[s]\n# fine\nwhat is this", "3: \"what is this\": allowed: [SERVICE], NAME = VALUE, and comments behind # or ;")]
    [InlineData("# nothing\n", " there is no [SERVICE] in it")]
    public void What_is_wrong_is_told_with_its_line(string text, string message) =>
        FluentActions.Invoking(() => ServicesFile.Parse(text)).Should().Throw<ServicesFileException>().WithMessage(message);

    [Fact]
    public void A_file_that_is_not_there_or_no_text_is_told_by_its_path()
    {
        using var folder = new TempFolder();
        File.WriteAllBytes(folder["latin"], [(byte)'#', 0xe4, (byte)'\n']);

        FluentActions.Invoking(() => ServicesFile.Read(folder["none"])).Should().Throw<FailureException>().WithMessage($"{folder["none"]}: *");
        FluentActions.Invoking(() => ServicesFile.Read(folder["latin"])).Should().Throw<FailureException>()
            .WithMessage($"{folder["latin"]}: what stands at byte 1 is not UTF-8");
    }
}
