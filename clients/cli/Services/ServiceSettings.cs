using System.Globalization;
using System.Runtime.InteropServices;
using Kuid.Jobd.Core.Native;
using Kuid.Jobd.Core.Services;

namespace Kuid.Cli.Services;

/// <summary>The section of one service, line by line: each is checked as it comes, so that the one that makes it wrong is quoted.</summary>
internal sealed partial class ServiceSettings
{
    private const string ParameterPrefix = "param.";
    private const int X_OK = 1;

    private static readonly string[] Names = ["path", "description", "pty", "stderr", "env", "max", "timeoutSeconds", ParameterPrefix + "NAME"];

    private readonly HashSet<string> _set = new(StringComparer.OrdinalIgnoreCase);
    private ServiceDefinition _definition;
    private string? _program;

    /// <param name="head">The line that begins it.</param>
    internal ServiceSettings(IniLine head)
    {
        Head = head;
        _definition = new ServiceDefinition { Name = head.Section! };
        ThrowIfWrong(head);
    }

    /// <summary>The line that begins it.</summary>
    internal IniLine Head { get; }

    /// <summary>Takes the next line.</summary>
    /// <exception cref="ServicesFileException">It is wrong.</exception>
    internal void Set(IniLine line)
    {
        if (!_set.Add(line.Key!))
        {
            throw line.Refuse($"{Head.Section} has {line.Key} already");
        }

        _definition = line.Key switch
        {
            "path" => Executing(line),
            "description" => _definition with { Description = line.Value },
            "pty" => _definition with { Pty = line.Value switch { "true" => true, "false" => false, _ => throw line.Refuse("allowed: true, false") } },
            "stderr" => _definition with
            {
                Stderr = line.Value switch
                {
                    "merge" => StderrMode.Merge,
                    "separate" => StderrMode.Separate,
                    _ => throw line.Refuse("allowed: merge, separate"),
                },
            },
            "env" => _definition with { Env = line.Value.Split([' ', '\t', ','], StringSplitOptions.RemoveEmptyEntries) },
            "max" => _definition with
            {
                Max = int.TryParse(line.Value, NumberStyles.None, CultureInfo.InvariantCulture, out int max)
                    ? max
                    : throw line.Refuse($"allowed: a whole number from 1 to {int.MaxValue}"),
            },
            "timeoutSeconds" => _definition with
            {
                TimeoutSeconds = double.TryParse(line.Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double seconds)
                    ? seconds
                    : throw line.Refuse("allowed: a number of seconds"),
            },
            { } name when name.StartsWith(ParameterPrefix, StringComparison.Ordinal) => _definition with { Parameters = [.. _definition.Parameters, Parameter(line)] },
            _ => throw line.Refuse($"a service has no {line.Key}{Nearest.Hint(line.Key!, Names)}; allowed: {string.Join(", ", Names)}"),
        };
        ThrowIfWrong(line);
    }

    /// <summary>The service, when all lines were taken.</summary>
    /// <exception cref="ServicesFileException">Something is missing.</exception>
    internal AdvertisedService Finish() => new(_definition, _program ?? throw Head.Refuse("it has no path = /FULL/PATH/OF/A/PROGRAM"));

    private static ServiceParameter Parameter(IniLine line)
    {
        try
        {
            return ParameterRules.Parse(line.Key![ParameterPrefix.Length..], line.Value);
        }
        catch (FormatException e)
        {
            throw line.Refuse(e.Message);
        }
    }

    private ServiceDefinition Executing(IniLine line)
    {
        if (!Path.IsPathRooted(line.Value))
        {
            throw line.Refuse("allowed: a full path, which begins with /");
        }

        if (Directory.Exists(line.Value))
        {
            throw line.Refuse("that is a folder and no program");
        }

        if (access(line.Value, X_OK) != 0)
        {
            int errno = Marshal.GetLastPInvokeError();
            throw line.Refuse($"that cannot be executed: {Errno.Describe(errno)}");
        }

        _program = line.Value;
        return _definition;
    }

    private void ThrowIfWrong(IniLine line)
    {
        if (_definition.Mistake() is { } mistake)
        {
            throw line.Refuse(mistake);
        }
    }

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int access(string path, int mode);
}
