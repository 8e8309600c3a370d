using System.Globalization;
using System.Text;
using Kuid.Jobd.Core.Native;
using Kuid.Jobd.Core.Processes;

namespace Kuid.Cli.Services;

/// <summary>Starts the program of a call.</summary>
internal static class ServiceProgram
{
    private static readonly byte[] Shell = "/bin/sh"u8.ToArray();

    /// <summary>Starts it; a script without <c>#!</c> is run by <c>/bin/sh</c>, as a shell would.</summary>
    /// <param name="variables">What the caller has set, each <c>NAME=value</c>.</param>
    /// <exception cref="SpawnException">It could not be started.</exception>
    internal static async Task<ChildProcess> StartAsync(
        Spawner spawner, AdvertisedService service, CallRequest call, IReadOnlyList<byte[]> variables, Stdio stdio)
    {
        byte[] program = Encoding.UTF8.GetBytes(service.Program);
        var spec = new ProcessSpec(program, [program, .. call.Arguments]) { Environment = [.. variables, .. AboutTheCall(call)] };
        try
        {
            return await spawner.SpawnAsync(spec, stdio);
        }
        catch (SpawnException e) when (e is { Step: SpawnStep.Exec, Errno: Errno.ENOEXEC })
        {
            return await spawner.SpawnAsync(spec with { Program = Shell, Argv = [Shell, .. spec.Argv] }, stdio);
        }
    }

    private static IEnumerable<byte[]> AboutTheCall(CallRequest call)
    {
        yield return Encoding.UTF8.GetBytes($"KUID_SERVICE={call.Service}");
        yield return Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"KUID_CALL={call.Id}"));
        yield return Encoding.UTF8.GetBytes($"KUID_PRINCIPAL={call.Principal}");
        yield return Encoding.UTF8.GetBytes($"KUID_CLAIMED_USER={call.ClaimedUser}");
    }
}
