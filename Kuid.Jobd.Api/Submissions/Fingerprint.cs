using System.Security.Cryptography;
using System.Text.Json;
using Kuid.Jobd.Api.Json;
using Kuid.Jobd.Api.Models;

namespace Kuid.Jobd.Api.Submissions;

/// <summary>
/// What makes two submissions the same: their members and values, however they were written. White space, the order of the
/// members and of the labels and variables make no difference; a default that is spelled out does.
/// </summary>
internal static class Fingerprint
{
    /// <summary>SHA-256 of the submission in one fixed writing.</summary>
    internal static byte[] Of(JobSubmission submission) =>
        SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(InOrder(submission), ApiJson.Default.JobSubmission));

    /// <summary>The same of a batch, whose items are what they are in their order.</summary>
    internal static byte[] Of(BatchSubmission submission) => SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(
        submission with { Items = [.. submission.Items.Select(InOrder)] }, ApiJson.Default.BatchSubmission));

    /// <summary>The same of a call, which is of one service.</summary>
    internal static byte[] Of(string service, ServiceCallRequest request) => SHA256.HashData((byte[])
    [
        .. System.Text.Encoding.ASCII.GetBytes(service), 0,
        .. JsonSerializer.SerializeToUtf8Bytes(
            request with
            {
                Labels = InOrder(request.Labels),
                Env = InOrder(request.Env),
                Parameters = request.Parameters?.OrderBy(entry => entry.Key, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal),
            },
            ApiJson.Default.ServiceCallRequest),
    ]);

    private static JobSubmission InOrder(JobSubmission submission) =>
        submission with { Labels = InOrder(submission.Labels), Env = InOrder(submission.Env) };

    // A dictionary that nothing is removed from gives its entries in the order in which they were added.
    private static Dictionary<string, string>? InOrder(Dictionary<string, string>? map) =>
        map?.OrderBy(entry => entry.Key, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);
}
