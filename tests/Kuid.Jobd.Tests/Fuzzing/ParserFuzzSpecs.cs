using System.Text;
using Kuid.Jobd.Checking;
using Kuid.Jobd.Doors.Services;
using Kuid.Jobd.Doors.Sockproc;
using Kuid.Jobd.Tests.Options;
using Kuid.Jobd.Tests.Sockproc;
using Kuid.TestKit;
using Microsoft.Extensions.Configuration.Ini;

namespace Kuid.Jobd.Tests.Fuzzing;

/// <summary>The parsers of the daemon itself, from the files of tests/corpus on: requests, configuration files, calls of services.</summary>
public sealed class ParserFuzzSpecs(ITestOutputHelper output) : IDisposable
{
    private const int MaxArguments = 8;
    private const int MaxCallBytes = 400;
    private const int MaxUserBytes = 256;

    private readonly Resolution _resolution = new();

    public void Dispose() => _resolution.Dispose();

    [Fact]
    public void Row_77_requests_of_sockproc_are_read_as_the_reference_reads_them_at_once_and_bytewise() =>
        new CorpusFuzz("sockproc", "HTTP/1.1", "GET / ", "\r").Run(
            input =>
            {
                ReadOutcome whole = ReaderRun.Cut(input, [], ReadLimits.Small);
                ReaderRun.ByteByByte(input, ReadLimits.Small).Should().Be(whole);
                ReferenceParser.Parse(input, ReadLimits.Small).Should().Be(whole);
                if (whole.AtEnd != ReadState.Complete)
                {
                    return false;
                }

                ReaderRun.Whole(FormattableString.Invariant($"{whole.Command}\r\n{whole.StdinBytes}\r\n{whole.Surplus}"), ReadLimits.Small).Should().Be(whole);
                return true;
            },
            output.WriteLine);

    [Fact]
    public void Configuration_files_are_read_as_the_framework_reads_them_and_refused_by_one_sentence() =>
        new CorpusFuzz("ini", "[", "]", "=", ";", "grace", "sockproc", "hosts", ":").Run(
            input =>
            {
                bool wrong = false;
                string text = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false).GetString(input);
                IReadOnlyList<IniLine> lines = IniLines.Read(Lines(text), (_, _) => wrong = true);
                IDictionary<string, string?>? expected = Framework(input);
                wrong.Should().Be(expected is null);
                if (expected is null)
                {
                    return false;
                }

                lines.Select(line => $"{line.Key}={line.Value}").Order(StringComparer.Ordinal).Should()
                    .Equal(expected.Select(pair => $"{pair.Key}={pair.Value}").Order(StringComparer.Ordinal));
                return Resolves(input);
            },
            output.WriteLine);

    [Fact]
    public void Calls_of_services_mean_the_same_at_once_and_bytewise_and_are_what_their_lines_say() =>
        new CorpusFuzz("call", "!frames", "\n\n").Run(
            input =>
            {
                (string whole, bool accepted) = Call(input, input.Length);
                (string bytewise, _) = Call(input, 1);
                bytewise.Should().Be(whole);
                accepted.Should().Be(IsCall(input));
                return accepted;
            },
            output.WriteLine);

    // The request by its lines, once more: a service, a user, at most so many arguments, an empty line; no NUL, not too long.
    private static bool IsCall(byte[] input)
    {
        List<byte[]> lines = [];
        int at = 0, arguments = 0;
        while (Array.IndexOf(input, (byte)'\n', at) is var newline and >= 0)
        {
            byte[] line = input[at..newline] is [.. var rest, (byte)'\r'] ? rest : input[at..newline];
            at = newline + 1;
            lines.Add(line);
            if (at > MaxCallBytes || line.Contains((byte)0) || (lines.Count == 2 && line.Length > MaxUserBytes) || arguments > MaxArguments)
            {
                return false;
            }

            if (lines.Count > 2 && line.Length == 0)
            {
                return true;
            }

            arguments += lines.Count > 2 ? 1 : 0;
        }

        return false;
    }

    private bool Resolves(byte[] input)
    {
        try
        {
            File.WriteAllBytes(_resolution.ConfigFile, input);
            _resolution.Words(OptionTable.Config, _resolution.ConfigFile).Resolve();
            return true;
        }
        catch (StartException e)
        {
            e.ExitCode.Should().Be(ExitCode.Usage);
            e.Message.Should().NotBeEmpty().And.NotContain("\n");
            return false;
        }
    }

    private static IEnumerable<string> Lines(string text)
    {
        using var reader = new StringReader(text.TrimStart('\ufeff'));
        while (reader.ReadLine() is { } line)
        {
            yield return line;
        }
    }

    private static IDictionary<string, string?>? Framework(byte[] input)
    {
        try
        {
            using var stream = new MemoryStream(input);
            return IniStreamConfigurationProvider.Read(stream);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    // What a call is, as text; a rejected one is that alone, for a piece may hold two reasons and only one is told.
    private static (string Text, bool Accepted) Call(byte[] input, int piece)
    {
        var reader = new CallReader(MaxArguments, MaxCallBytes);
        int at = 0;
        while (at < input.Length && reader.State is not (CallReadState.Complete or CallReadState.Rejected))
        {
            int end = Math.Min(input.Length, at + piece);
            ReadOnlySpan<byte> bytes = input.AsSpan(at..end);
            while (!bytes.IsEmpty && reader.State is not (CallReadState.Complete or CallReadState.Rejected))
            {
                reader.Read(ref bytes);
            }

            at = end - bytes.Length;
        }

        if (reader.State != CallReadState.Complete)
        {
            reader.End();
            reader.Rejection.Should().NotBeNullOrEmpty();
            return ("Rejected", false);
        }

        string arguments = string.Join(' ', reader.Arguments.Select(Convert.ToHexString));
        return ($"{reader.Service} {reader.IsFramed} {reader.User} {arguments} rest {Convert.ToHexString(input.AsSpan(at))}", true);
    }
}
