using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using Kuid.Jobd.Api.Json;
using Kuid.Jobd.Api.Models;
using Kuid.Jobd.Api.Parameters;
using Kuid.Jobd.Api.Problems;
using Kuid.Jobd.Core.Jobs;
using Microsoft.AspNetCore.Http;

namespace Kuid.Jobd.Api.Tests.Fuzzing;

/// <summary>The parsers of the HTTP door, from the files of tests/corpus on: bodies, ids of events, cursors.</summary>
public sealed partial class ParserFuzzSpecs(ITestOutputHelper output)
{
    private const long LastChange = 1000;

    private static readonly ApiJson Printing = new(new JsonSerializerOptions(ApiJson.Default.Options) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull });

    [Fact]
    public void Row_114_bodies_become_jobs_and_print_again_or_are_refused_with_a_code_that_is_true_of_them() =>
        new CorpusFuzz("json", "{", "}", "[", "]", ",", ":", "null", "true", "1e400", "\\ud800", "\\u0000", "\"kind\"", "\"command\"", "\"argv\"", "\"env\"").Run(
            input =>
            {
                JobSubmission submission;
                JobSpec spec;
                try
                {
                    submission = Bodies.Parse(input);
                    spec = Bodies.Submit(Encoding.UTF8.GetString(input));
                }
                catch (ProblemException e)
                {
                    BodyOracle.Contradiction(input, e).Should().BeNull("of {0}: {1}", e.Code.Word, e.Message);
                    return false;
                }

                BodyOracle.IsJson(input).Should().BeTrue("it was taken");
                BodyOracle.HasDuplicate(input).Should().BeFalse("it was taken");
                byte[] printed = Print(submission);
                Print(Bodies.Parse(printed)).Should().Equal(printed);
                (spec.Process?.Argv ?? []).Should().NotContain(word => word.Contains((byte)0));
                return true;
            },
            output.WriteLine);

    [Fact]
    public void Ids_of_events_of_a_job_are_those_of_their_grammar_and_mean_what_they_say() =>
        new CorpusFuzz("event-id", ".", "end", ".end", "7.").Run(
            input =>
            {
                string text = Encoding.Latin1.GetString(input);
                Match match = JobEvent().Match(text);
                bool allowed = match.Success && match.Groups["n"].Captures.All(number => IsLong(number.Value));
                JobEventId.Parts? parsed = JobEventId.Parse(text);
                (parsed is not null).Should().Be(allowed);
                if (parsed is null)
                {
                    return false;
                }

                string meant = parsed.Position is { } at
                    ? FormattableString.Invariant($"{parsed.Job}.{at.Version}.{at.Output.Stdout}.{at.Output.Stderr}")
                    : FormattableString.Invariant($"{parsed.Job}.end");
                meant.Should().Be(string.Join('.', text.Split('.').Select(part => part.TrimStart('0') is { Length: > 0 } digits ? digits : "0")));
                return true;
            },
            output.WriteLine);

    [Fact]
    public void Ids_of_events_of_all_jobs_are_those_of_their_grammar_and_go_on_after_what_was_had()
    {
        var ids = new ChangeEventId();
        string own = ids.Of(7)[..^1];
        new CorpusFuzz("event-id", ".", own + "5", own + "1001", own, "0123456789abcdef.").Run(
            input =>
            {
                string text = Encoding.Latin1.GetString(input);
                var context = new DefaultHttpContext();
                context.Request.Headers[JobEventId.Header] = text;
                Match match = ChangeEvent().Match(text);
                bool isOwn = text.StartsWith(own, StringComparison.Ordinal);
                bool allowed = text.Length == 0 || (match.Success && IsLong(match.Groups["n"].Value)
                    && (!isOwn || long.Parse(match.Groups["n"].Value, CultureInfo.InvariantCulture) <= LastChange));
                try
                {
                    long? from = ids.Resume(context, LastChange);
                    allowed.Should().BeTrue("it was taken");
                    from.Should().Be(
                        text.Length == 0 ? LastChange : isOwn ? long.Parse(match.Groups["n"].Value, CultureInfo.InvariantCulture) : null);
                    return true;
                }
                catch (ProblemException e)
                {
                    allowed.Should().BeFalse("it was refused: {0}", e.Message);
                    e.Code.Should().Be(ProblemCode.Parameter);
                    return false;
                }
            },
            output.WriteLine);
    }

    [Fact]
    public void Cursors_are_none_or_exactly_those_that_are_made() =>
        new CorpusFuzz("cursor", "ajo", "ajox", "=", "_", "-").Run(
            input =>
            {
                string text = Encoding.Latin1.GetString(input);
                long? parsed = Cursor.Parse(text);
                parsed.Should().Be(Decoded(text));
                return parsed is not null;
            },
            output.WriteLine);

    // A member that is not there is not null: that would be refused.
    private static byte[] Print(JobSubmission submission) => JsonSerializer.SerializeToUtf8Bytes(submission, Printing.JobSubmission);

    private static bool IsLong(string digits) => System.Numerics.BigInteger.Parse(digits, CultureInfo.InvariantCulture) <= long.MaxValue;

    // The same by the framework's other base64 and a pattern: what is no shortest form of a number is no cursor.
    private static long? Decoded(string text)
    {
        if (!Base64UrlText().IsMatch(text) || text.Length % 4 == 1)
        {
            return null;
        }

        byte[] bytes = Convert.FromBase64String(text.Replace('-', '+').Replace('_', '/') + new string('=', (4 - (text.Length % 4)) % 4));
        Match match = CursorText().Match(Encoding.Latin1.GetString(bytes));
        return match.Success && IsLong(match.Groups["n"].Value) && Convert.ToBase64String(bytes).TrimEnd('=').Replace('+', '-').Replace('/', '_') == text
            ? long.Parse(match.Groups["n"].Value, CultureInfo.InvariantCulture)
            : null;
    }

    [GeneratedRegex(@"\A(?<n>[0-9]+)(\.end|(\.(?<n>[0-9]+)){3})\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex JobEvent();

    [GeneratedRegex(@"\A[0-9a-f]{16}\.(?<n>[0-9]+)\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex ChangeEvent();

    [GeneratedRegex(@"\A[A-Za-z0-9_-]+\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex Base64UrlText();

    [GeneratedRegex(@"\Aj:(?<n>0|[1-9][0-9]*)\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex CursorText();
}
