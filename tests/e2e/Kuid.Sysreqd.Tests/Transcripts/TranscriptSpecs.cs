using System.Text;

namespace Kuid.Sysreqd.Tests.Transcripts;

// The sessions of tests/conformance/sysreq, which the original answers in the same way: banners and machines aside, byte by byte.
public sealed class TranscriptSpecs : IAsyncLifetime
{
    private const string Suffix = ".transcript";

    private Server? _server;
    private Names? _names;

    private static string Root => Repository.File("tests/conformance/sysreq");

    private Server Server => _server!;

    private Names Names => _names!;

    public static TheoryData<string> All => [.. Directory.EnumerateFiles(Root, "*" + Suffix)
        .Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal)];

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(Abi.OfThisMachine == Abi.X64, "the transcripts have the numbers of x86-64");
        _server = await Server.Start();
        string folder = Directory.CreateDirectory(Server.Folder["folder"]).FullName;
        await File.WriteAllBytesAsync(Path.Combine(folder, "empty"), []);
        await File.WriteAllTextAsync(Path.Combine(folder, "hello.txt"), "hello, kusd\n");
        File.SetUnixFileMode(Path.Combine(folder, "hello.txt"), (UnixFileMode)0x1a4);
        _names = new Names(new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["folder"] = folder,
            ["cwd"] = new FileInfo($"/proc/{Server.Pid}/cwd").LinkTarget!,
        });
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void What_is_sent_in_one_piece_is_answered_as_written(string name) => Replay(name, (c, bytes) => c.Send(bytes));

    [Theory]
    [MemberData(nameof(All))]
    public void What_is_sent_byte_by_byte_is_answered_as_written(string name) =>
        Replay(name, (connection, bytes) => Array.ForEach(bytes, b => connection.Send(b)));

    private void Replay(string name, Action<Connection, byte[]> send)
    {
        using Connection connection = Server.Connect();
        int number = 0;
        foreach (Step step in Step.Load(Path.Combine(Root, name + Suffix)))
        {
            number++;
            switch (step)
            {
                case Step.Request request:
                    long[] values = [.. request.Values.Select(Names.Number)];
                    send(connection, Connection.Request(values[0], values[1..]));
                    break;
                case Step.Send sent:
                    send(connection, Names.Bytes(sent.Text));
                    break;
                case Step.Reply reply:
                    ExpectReplies(connection, reply.Values, $"{name}, step {number}");
                    break;
                case Step.Receive received:
                    ExpectPieces(connection, received.Pieces, $"{name}, step {number}");
                    break;
                case Step.End:
                    connection.IsAtEnd().Should().BeTrue($"{name} ends at step {number}");
                    break;
            }
        }
    }

    // Known numbers first: a name that is still free would take any reply.
    private void ExpectReplies(Connection connection, IReadOnlyList<string> expected, string where)
    {
        List<string> left = [.. expected.OrderBy(value => value.StartsWith('$'))];
        foreach (string _ in expected)
        {
            long reply = connection.ReceiveReply();
            string? match = left.FirstOrDefault(value => Names.Agrees(value, reply));
            match.Should().NotBeNull($"{where} says {string.Join(" or ", left)}, and the reply is {reply}");
            left.Remove(match!);
        }
    }

    private void ExpectPieces(Connection connection, IReadOnlyList<string> pieces, string where)
    {
        byte[] bytes = connection.Receive(pieces.Sum(Names.Length));
        List<string> left = [.. pieces];
        for (int at = 0; left.Count > 0;)
        {
            string? match = left.FirstOrDefault(piece =>
                at + Names.Length(piece) <= bytes.Length && Names.Matches(piece, bytes.AsSpan(at, Names.Length(piece))));
            match.Should().NotBeNull($"{where}: nothing of {string.Join(" or ", left)} is in {Encoding.Latin1.GetString(bytes, at, bytes.Length - at)}");
            at += Names.Length(match!);
            left.Remove(match!);
        }
    }
}
