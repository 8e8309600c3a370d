using System.Net.Sockets;
using Kuid.Cli.Api;
using Microsoft.AspNetCore.Http;

namespace Kuid.Cli.Tests;

/// <summary>Which daemon is meant, and what is said when it cannot be reached or refuses.</summary>
public sealed class ReachingSpecs
{
    [Theory]
    [InlineData("/opt", "KUID_SOCKET=/env KUID_DATA=/data", "/opt")]
    [InlineData(null, "KUID_SOCKET=/env KUID_DATA=/data", "/env")]
    [InlineData(null, "KUID_SOCKET= KUID_DATA=/data XDG_STATE_HOME=/state", "/data/http.sock")]
    [InlineData(null, "XDG_STATE_HOME=/state HOME=/home/me", "/state/kuid/http.sock")]
    [InlineData(null, "XDG_STATE_HOME=relative", "/var/lib/kuid/http.sock")]
    [InlineData(null, "", "/var/lib/kuid/http.sock")]
    public void The_nearest_name_of_the_socket_wins(string? option, string variables, string socket)
    {
        var environment = variables.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(pair => pair.Split('='))
            .ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);

        DaemonAddress.Choose(option, url: null, tokenFile: null, environment.GetValueOrDefault).Socket.Should().Be(socket);
    }

    [Fact]
    public void A_user_with_a_home_has_the_daemon_there_and_root_has_it_in_var() =>
        DaemonAddress.Choose(null, null, null, name => name == "HOME" ? "/home/me" : null).Socket.Should().Be(
            Environment.IsPrivilegedProcess ? "/var/lib/kuid/http.sock" : "/home/me/.local/state/kuid/http.sock");

    [Fact]
    public async Task A_socket_that_is_not_there_is_told_with_what_to_do()
    {
        using var folder = new TempFolder();

        ToolRun run = await KuidCommand.Run(["--socket", folder["none"], "ps"]);

        run.Stderr.Should().Be($"kuid: no daemon at {folder["none"]}: there is no such socket; start kuid-jobd, or name its socket with --socket or KUID_SOCKET\n");
        run.ExitCode.Should().Be(125);
    }

    [Theory]
    [InlineData("call --services {0}/none weather", "services at {0}/none cannot be reached: there is no such socket")]
    [InlineData("call --services 127.0.0.1:1 weather", "services at 127.0.0.1:1 cannot be reached: nobody listens there")]
    [InlineData("advertise --config {0}/none", "{0}/none: there is no such file; --config names another")]
    [InlineData("advertise --config {0}/no/none", "{0}/no/none: there is no such file; --config names another")]
    public async Task Services_that_are_not_there_are_told_in_words_of_what_is_missing(string words, string line)
    {
        using var folder = new TempFolder();

        ToolRun run = await KuidCommand.Run(words.Replace("{0}", folder.Path, StringComparison.Ordinal).Split(' '));

        run.Stderr.Should().Be($"kuid: {line.Replace("{0}", folder.Path, StringComparison.Ordinal)}\n");
        run.ExitCode.Should().Be(125);
    }

    [Fact]
    public async Task A_socket_that_nobody_listens_on_is_told()
    {
        using var folder = new TempFolder();
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(folder["s"]));

        ToolRun run = await KuidCommand.Run(["run", "ls"], default, ("KUID_SOCKET", folder["s"]));

        run.Stderr.Should().StartWith($"kuid: no daemon at {folder["s"]}: nobody listens there; ");
        run.ExitCode.Should().Be(125);
    }

    [Fact]
    public async Task A_socket_of_somebody_else_is_told()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess && ToolRun.Exists("setpriv"), "needs root and setpriv for a second user");
        await using StubDaemon stub = await StubDaemon.Start((_, context) => StubDaemon.Json(context, "{}"));
        File.SetUnixFileMode(stub.Folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherExecute);
        File.SetUnixFileMode(stub.Socket, UnixFileMode.UserRead | UnixFileMode.UserWrite);

        // A copy, for the tree that is tested may not be open to others.
        using var folder = new TempFolder();
        (await ToolRun.Of("cp", ["-rL", Repository.File("bin/lib/cli"), folder["cli"]])).ExitCode.Should().Be(0);
        (await ToolRun.Of("chmod", ["-R", "a+rX", folder.Path])).ExitCode.Should().Be(0);
        ToolRun run = await ToolRun.Of(
            "setpriv",
            ["--reuid", "65534", "--regid", "65534", "--clear-groups", folder["cli/kuid"], "--socket", stub.Socket, "ps"],
            environment: KuidCommand.Environment);

        run.Stderr.Should().Be($"kuid: permission denied at {stub.Socket}: the socket is its daemon's user's; run kuid as that user\n");
        run.ExitCode.Should().Be(125);
    }

    [Fact]
    public async Task A_path_that_no_socket_can_have_is_told()
    {
        ToolRun run = await KuidCommand.Run(["--socket", "/" + new string('x', 200), "ps"]);

        run.Stderr.Should().Contain("is longer than a socket's path can be");
        run.ExitCode.Should().Be(125);
    }

    [Fact]
    public async Task Over_TCP_the_token_comes_from_its_file()
    {
        await using StubDaemon stub = await StubDaemon.Start((_, context) => StubDaemon.Json(context, """{"items":[],"nextCursor":null}"""));
        await File.WriteAllTextAsync(Path.Combine(stub.Folder, "token"), "s3cret\n", TestContext.Current.CancellationToken);

        ToolRun named = await KuidCommand.Run(["--url", stub.Url, "--token-file", Path.Combine(stub.Folder, "token"), "ps"]);
        ToolRun usual = await KuidCommand.Run(["--url", stub.Url, "ps"], default, ("KUID_DATA", stub.Folder));

        (named.Stderr, usual.Stderr).Should().Be((string.Empty, string.Empty));
        stub.Authorizations.Should().Equal("Bearer s3cret", "Bearer s3cret");
    }

    [Theory]
    [InlineData("", "holds no token")]
    [InlineData("two words\n", "holds no token")]
    [InlineData(null, "Could not find file")]
    public async Task A_token_file_that_has_none_is_told(string? content, string complaint)
    {
        using var folder = new TempFolder();
        if (content is not null)
        {
            await File.WriteAllTextAsync(folder["t"], content, TestContext.Current.CancellationToken);
        }

        ToolRun run = await KuidCommand.Run(["--url", "http://127.0.0.1:1", "--token-file", folder["t"], "ps"]);

        run.Stderr.Should().StartWith($"kuid: --token-file {folder["t"]}: ").And.Contain(complaint);
        run.ExitCode.Should().Be(125);
    }

    [Fact]
    public async Task What_the_detail_of_a_refusal_has_said_is_not_said_again()
    {
        await using StubDaemon stub = await StubDaemon.Start((_, context) => StubDaemon.Problem(
            context, StatusCodes.Status422UnprocessableEntity, "invalid", "/cwd: it has to be absolute",
            """[{"pointer":"/cwd","detail":"it has to be absolute"}]"""));

        (await stub.Kuid("run", "-n", "x")).Stderr.Should().Be("kuid: /cwd: it has to be absolute\n");
    }

    [Fact]
    public async Task A_refusal_names_what_was_wrong()
    {
        await using StubDaemon stub = await StubDaemon.Start((_, context) => StubDaemon.Problem(
            context, StatusCodes.Status422UnprocessableEntity, "invalid", "the submission is no job",
            """[{"pointer":"/cwd","detail":"it has to be absolute"},{"pointer":"/argv/0","detail":"it is empty"}]"""));

        ToolRun run = await stub.Kuid("run", "-n", "x");

        run.Stderr.Should().Be("kuid: the submission is no job: /cwd: it has to be absolute; /argv/0: it is empty\n");
        run.ExitCode.Should().Be(125);
    }

    [Theory]
    [InlineData("text/html", "<html>", StatusCodes.Status502BadGateway, "answered 502 Bad Gateway")]
    [InlineData("application/problem+json", "{", StatusCodes.Status500InternalServerError, "answered 500 Internal Server Error")]
    [InlineData("application/json", "[]", StatusCodes.Status200OK, "is no kuid-jobd of this version")]
    [InlineData("application/json", "{}", StatusCodes.Status200OK, "is no kuid-jobd of this version")]
    [InlineData("application/json", "", StatusCodes.Status200OK, "is no kuid-jobd of this version")]
    public async Task Whatever_else_answers_there_is_no_crash(string type, string body, int status, string complaint)
    {
        await using StubDaemon stub = await StubDaemon.Start(async (_, context) =>
        {
            context.Response.StatusCode = status;
            context.Response.ContentType = type;
            await context.Response.WriteAsync(body);
        });

        foreach (string[] words in new string[][] { ["ps"], ["show", "7"], ["version"] })
        {
            ToolRun run = await stub.Kuid(words);

            run.Stderr.Should().StartWith("kuid: ").And.Contain(complaint).And.NotContain("   at ");
            run.ExitCode.Should().Be(125);
        }
    }
}
