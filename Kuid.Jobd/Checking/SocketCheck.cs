using Kuid.Jobd.Core.Native;
using Kuid.Jobd.Doors;

namespace Kuid.Jobd.Checking;

/// <summary>Whether the sockets that are wanted can be had, as far as can be seen without opening one.</summary>
internal static class SocketCheck
{
    private const string LockSuffix = ".lock";

    internal static void Look(DaemonOptions options, Findings findings)
    {
        var taken = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach ((string option, Func<SocketAddress> address) in Wanted(options))
        {
            findings.Try(() =>
            {
                SocketAddress found = AddressOf(option, address);
                Take(taken, option, found);
                LookAtPath(option, found.Path, options.Data);
            });
        }

        if (options.SocketGroup is { } group && LibcAccounts.GroupId(group) is null)
        {
            findings.Add($"--socket-group {group}: there is no such group");
        }

        if (options.Address is null && !options.HasAnotherDoor)
        {
            findings.Warn("no ADDRESS: it starts only where sockets are inherited (LISTEN_FDS)");
        }
    }

    /// <summary>
    /// Asked at a start too: the second of two doors with one address would otherwise be told that another daemon has it.
    /// </summary>
    /// <exception cref="StartException">Two doors have one address.</exception>
    internal static void ThrowIfShared(DaemonOptions options)
    {
        var taken = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach ((string option, Func<SocketAddress> address) in Wanted(options))
        {
            try
            {
                Take(taken, option, address());
            }
            catch (FormatException)
            {
                // Its door says so when it opens it, with what to do.
            }
        }
    }

    private static void Take(Dictionary<string, string> taken, string option, SocketAddress address)
    {
        if (!taken.TryAdd(address.ToString(), option))
        {
            throw new StartException($"{option}: {address} is what {taken[address.ToString()]} is too; each socket needs an address of its own", ExitCode.Usage);
        }
    }

    private static IEnumerable<(string Option, Func<SocketAddress> Address)> Wanted(DaemonOptions options)
    {
        if (options.Address is { } address)
        {
            yield return ("ADDRESS", () => SocketAddress.Parse(address));
        }

        if (options.Http.Socket is { } http)
        {
            yield return ("--http-socket", () => SocketAddress.OfPath(Path.Combine(options.Data, http)));
        }

        if (options.Http.Address is { } port)
        {
            yield return ("--http", () => SocketAddress.Of(port));
        }

        if (options.Services.Address is { } services)
        {
            yield return ("--services", () => services);
        }

        if (options.Services.RegistryPath(options.Data) is { } registry)
        {
            yield return ("--services-registry", () => SocketAddress.OfPath(registry));
        }

        if (options.Coprocess.Socket is { } coprocess)
        {
            yield return ("--coprocess-socket", () => SocketAddress.OfPath(coprocess));
        }
    }

    private static SocketAddress AddressOf(string option, Func<SocketAddress> address)
    {
        try
        {
            return address();
        }
        catch (FormatException e)
        {
            throw new StartException($"{option}: {e.Message}", ExitCode.Usage);
        }
    }

    private static void LookAtPath(string option, string? path, string dataFolder)
    {
        string? folder = path is null ? null : Path.GetDirectoryName(path);
        if (folder is null || (folder == dataFolder && !Directory.Exists(folder)))
        {
            // A port, or a path in a folder that the daemon will make.
            return;
        }

        FolderCheck.ThrowUnlessWritable(option, folder);
        if (LibcFiles.Identify(path!) is { } found)
        {
            if (!found.IsSocket)
            {
                throw new StartException($"{option}: {path} exists and is not a socket", ExitCode.Usage);
            }

            if (found.OwnerId != LibcFiles.EffectiveUserId())
            {
                throw new StartException($"{option}: {path} is a socket of user {found.OwnerId}", ExitCode.Usage);
            }
        }

        if (LibcFiles.Identify(path + LockSuffix) is { IsRegular: false })
        {
            throw new StartException($"{option}: {path + LockSuffix}, which is to be the socket's lock, exists and is no file", ExitCode.Usage);
        }
    }
}
