using Kuid.Jobd.Api.Json;
using Kuid.Jobd.Api.Models;
using Kuid.Jobd.Api.Parameters;
using Kuid.Jobd.Api.Problems;
using Kuid.Jobd.Api.Submissions;
using Kuid.Jobd.Core.Hosts;
using Microsoft.AspNetCore.Http;

namespace Kuid.Jobd.Api.Operations;

/// <summary><c>PUT /v1/hosts/{name}</c>: adds a host, or gives it another address.</summary>
internal sealed class PutHost(HostTable hosts)
{
    internal async Task HandleAsync(HttpContext context)
    {
        string name = HostName.New(context);
        HostRequest request = await StrictJson.ReadAsync(context.Request, ApiJson.Default.HostRequest);
        if (request.Address.Length > SubmissionLimits.HostLength || request.Address.Any(char.IsControl))
        {
            throw ProblemException.Member(
                ProblemCode.Invalid, "/address", $"it has to be at most {SubmissionLimits.HostLength} characters without control characters");
        }

        try
        {
            HostChange change = await hosts.PutAsync(name, request.Address);
            if (change == HostChange.ReadOnly)
            {
                throw HostName.ReadOnly(name);
            }

            context.Response.StatusCode = change == HostChange.Added ? StatusCodes.Status201Created : StatusCodes.Status200OK;
        }
        catch (FormatException e)
        {
            throw ProblemException.Member(ProblemCode.Invalid, "/address", e.Message);
        }

        HostEntry host = hosts.Find(name) ?? throw ProblemException.NoSuchHost(name);
        await context.Response.WriteJsonAsync(ListHosts.JsonOf(host), ApiJson.Answers.HostJson);
    }
}
