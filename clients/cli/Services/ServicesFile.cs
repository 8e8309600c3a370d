using System.Text;

namespace Kuid.Cli.Services;

/// <summary>
/// What a user offers, <c>$XDG_CONFIG_HOME/kuid/services.conf</c>: a section for each service, with the settings of
/// <see cref="ServiceSettings"/>. It is right as a whole or not at all.
/// </summary>
internal static class ServicesFile
{
    /// <summary>Where it is unless somebody says otherwise.</summary>
    internal static string DefaultPath => Path.Combine(UserFolders.Config, "services.conf");

    /// <summary>Reads and checks it, and looks for the programs.</summary>
    /// <exception cref="FailureException">It cannot be read, or a line is wrong: <c>PATH:7: "pty = perhaps": allowed: true, false</c>.</exception>
    internal static IReadOnlyList<AdvertisedService> Read(string path)
    {
        try
        {
            return Parse(new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(File.ReadAllBytes(path)));
        }
        catch (DecoderFallbackException e)
        {
            throw new FailureException($"{path}: what stands at byte {e.Index} is not UTF-8");
        }
        catch (ServicesFileException e)
        {
            throw new FailureException($"{path}:{e.Message}");
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new FailureException($"{path}: there is no such file; --config names another");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FailureException($"{path}: {e.Message}");
        }
    }

    /// <summary>Reads and checks its text, and looks for the programs.</summary>
    /// <exception cref="ServicesFileException">The first line that is wrong.</exception>
    internal static IReadOnlyList<AdvertisedService> Parse(string text)
    {
        var services = new List<ServiceSettings>();
        foreach (IniLine line in IniLine.ReadAll(text))
        {
            if (line.Section is null)
            {
                throw line.Refuse("it belongs to no service; allowed: [SERVICE] in front of it");
            }

            if (line.Key is not null)
            {
                services[^1].Set(line);
            }
            else if (services.Find(before => before.Head.Section == line.Section) is { } before)
            {
                throw line.Refuse($"line {before.Head.Number} has begun it already");
            }
            else
            {
                services.Add(new ServiceSettings(line));
            }
        }

        return services.Count > 0
            ? [.. services.Select(service => service.Finish())]
            : throw new ServicesFileException(0, string.Empty, " there is no [SERVICE] in it");
    }
}
