using System.Reflection;
using Kuid.Jobd.Checking;
using Kuid.Jobd.Core.Native;
using Kuid.Jobd.Core.Processes;

namespace Kuid.Jobd;

/// <summary>Words to options, options to a daemon, the daemon's end to an exit code.</summary>
internal static class Program
{
    /// <summary>The version of this build.</summary>
    internal static string Version { get; } =
        typeof(Program).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    private static async Task<int> Main(string[] args)
    {
        var commandLine = new CommandLine();
        if (commandLine.Parse(args, out int exitCode) is not { } words)
        {
            return exitCode;
        }

        if (commandLine.ChecksOnly)
        {
            return ConfigurationCheck.Run(words, Environment.GetEnvironmentVariables());
        }

        DaemonOptions Resolve(Action<string> warn) => CommandLine.Resolve(words, Environment.GetEnvironmentVariables(), warn);

        try
        {
            if (!Detachment.IsDetached && !Resolve(_ => { }).Foreground)
            {
                return InheritedSockets.Count(Environment.GetEnvironmentVariables()) == 0
                    ? Detachment.Start()
                    : throw new StartException("LISTEN_FDS: inherited sockets need --foreground", Jobd.ExitCode.Usage);
            }

            using var signals = new SignalHandlers();
            await new Daemon(Resolve, signals).RunAsync();
            return Jobd.ExitCode.Ok;
        }
        catch (StartException e)
        {
            await Console.Error.WriteLineAsync($"kuid-jobd: {e.Message}");
            return e.ExitCode;
        }
        catch (Exception e) when (e is NativeException or SpawnException or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"kuid-jobd: {e.Message}");
            return Jobd.ExitCode.System;
        }
    }
}
