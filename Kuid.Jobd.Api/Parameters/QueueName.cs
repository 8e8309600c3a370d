using Kuid.Jobd.Api.Problems;
using Kuid.Jobd.Api.Submissions;
using Microsoft.AspNetCore.Http;

namespace Kuid.Jobd.Api.Parameters;

/// <summary>The queue that a path names.</summary>
internal static class QueueName
{
    /// <summary>Its name.</summary>
    internal static string Of(HttpContext context) => (string)context.Request.RouteValues["name"]!;

    /// <summary>A name that a queue can have.</summary>
    /// <exception cref="ProblemException">None can.</exception>
    internal static string New(HttpContext context) => WaitingRules.IsQueueName(Of(context))
        ? Of(context)
        : throw ProblemException.Parameter("name", $"1 to {SubmissionLimits.QueueLength} characters of A-Z a-z 0-9 . _ - are allowed");

    /// <summary>There is no such queue.</summary>
    internal static ProblemException Unknown(string name) => new(ProblemCode.NotFound, $"there is no queue {name}");
}
