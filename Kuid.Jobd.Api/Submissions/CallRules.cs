using System.Text;
using System.Text.Json;
using Kuid.Jobd.Api.Json;
using Kuid.Jobd.Api.Models;
using Kuid.Jobd.Core.Jobs;
using Kuid.Jobd.Core.Processes;
using Kuid.Jobd.Core.Services;

namespace Kuid.Jobd.Api.Submissions;

/// <summary>Bodies of runService to specifications: a call of a service, within what its owner and the contract allow.</summary>
internal static class CallRules
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The job of a call.</summary>
    /// <exception cref="Problems.ProblemException">It cannot be made; every reason is in it.</exception>
    internal static JobSpec Of(ServiceCallRequest request, ServiceDefinition service, string principal)
    {
        var mistakes = new Mistakes();
        CommandRules.CheckCall(request, mistakes);
        CheckEnvironment(request, service, mistakes);
        IReadOnlyList<byte[]> arguments = ArgumentsOf(request, service, mistakes);
        mistakes.ThrowIfAny();
        byte[] name = Encoding.ASCII.GetBytes(service.Name);
        return new JobSpec
        {
            Process = new ProcessSpec(name, [name, .. arguments])
            {
                Environment = [.. (request.Env ?? []).Select(variable => Strict.GetBytes($"{variable.Key}={variable.Value}"))],
            },
            Kind = JobKind.Service,
            Origin = JobOrigin.Http,
            Principal = principal,
            Service = service.Name,
            Name = request.Name,
            Labels = request.Labels ?? [],
            Stdin = request.Stdin is { Length: > 0 } stdin ? JobInput.FromBytes(stdin) : JobInput.Empty,
            Queue = service.Max is null ? null : OfferedService.QueueOf(service.Name),
            Timeout = Shortest(request.TimeoutSeconds, service.TimeoutSeconds),
            KeepOutput = request.MaxOutputBytes ?? SubmissionLimits.JobOutputBytes,
        };
    }

    private static TimeSpan? Shortest(double? asked, double? allowed) =>
        (asked, allowed) is (null, null) ? null : TimeSpan.FromSeconds(Math.Min(asked ?? double.MaxValue, allowed ?? double.MaxValue));

    private static void CheckEnvironment(ServiceCallRequest request, ServiceDefinition service, Mistakes mistakes)
    {
        foreach (string name in (request.Env ?? []).Keys.Where(name => !service.Env.Contains(name, StringComparer.Ordinal)))
        {
            mistakes.Add(JsonPointer.Member("/env", name), service.Env.Count == 0
                ? "the service lets its callers set no variables"
                : "the service lets its callers set these variables: " + string.Join(", ", service.Env));
        }
    }

    private static IReadOnlyList<byte[]> ArgumentsOf(ServiceCallRequest request, ServiceDefinition service, Mistakes mistakes)
    {
        if (request is { Arguments: not null, Parameters: not null })
        {
            mistakes.Add("/parameters", "it is not allowed beside arguments");
            return [];
        }

        string[] given = request.Parameters is null ? request.Arguments ?? [] : InOrder(request.Parameters, service, mistakes);
        for (int i = 0; i < given.Length; i++)
        {
            string pointer = request.Parameters is null ? JsonPointer.Element("/arguments", i) : JsonPointer.Member("/parameters", service.Parameters[i].Name);
            CommandRules.CheckArgument(pointer, given[i], mistakes);
        }

        ParameterCheck check = ParameterRules.Check(service.Parameters, [.. given.Select(Strict.GetBytes)]);
        foreach (ParameterMistake mistake in check.Mistakes)
        {
            int place = service.Parameters.TakeWhile(parameter => parameter.Name != mistake.Parameter).Count();
            mistakes.Add(
                mistake.Parameter is null ? "/arguments"
                    : request.Parameters is null ? JsonPointer.Element("/arguments", place)
                    : JsonPointer.Member("/parameters", mistake.Parameter),
                mistake.Text);
        }

        return check.Arguments;
    }

    // Up to the last that is given: those in front that are not have their defaults.
    private static string[] InOrder(Dictionary<string, JsonElement> parameters, ServiceDefinition service, Mistakes mistakes)
    {
        foreach (string name in parameters.Keys.Where(name => service.Parameters.All(parameter => parameter.Name != name)))
        {
            mistakes.Add(JsonPointer.Member("/parameters", name), service.Parameters.Count == 0
                ? "the service has no named parameters; give it arguments"
                : "the service has no such parameter; it has " + string.Join(", ", service.Parameters.Select(parameter => parameter.Name)));
        }

        int last = service.Parameters.ToList().FindLastIndex(parameter => parameters.ContainsKey(parameter.Name));
        var ordered = new List<string>();
        foreach (ServiceParameter parameter in service.Parameters.Take(last + 1))
        {
            if (parameters.TryGetValue(parameter.Name, out JsonElement value))
            {
                ordered.Add(TextOf(parameter.Name, value, mistakes));
            }
            else if (parameter.Default is { } otherwise)
            {
                ordered.Add(otherwise);
            }
            else
            {
                mistakes.Add(JsonPointer.Member("/parameters", parameter.Name), "it is missing, and one behind it is given");
                return [];
            }
        }

        return [.. ordered];
    }

    private static string TextOf(string name, JsonElement value, Mistakes mistakes)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                return value.GetString()!;
            case JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False:
                return value.GetRawText();
            default:
                mistakes.Add(JsonPointer.Member("/parameters", name), "it has to be a string, a number, true or false");
                return "0";
        }
    }
}
