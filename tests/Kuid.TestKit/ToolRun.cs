using System.Diagnostics;

namespace Kuid.TestKit;

/// <summary>What a program that a test ran said and how it ended.</summary>
/// <param name="ExitCode">Its exit code, 128 + n for signal n.</param>
/// <param name="Stdout">Its standard output, bytes.</param>
/// <param name="Stderr">Its standard error as text.</param>
public sealed record ToolRun(int ExitCode, byte[] Stdout, string Stderr)
{
    /// <summary>Its standard output as text.</summary>
    public string Text => System.Text.Encoding.UTF8.GetString(Stdout);

    /// <summary>Runs a program to its end.</summary>
    /// <param name="stdin">What it reads; then its input ends.</param>
    /// <param name="environment">Variables to set, or with null to unset.</param>
    public static async Task<ToolRun> Of(
        string program,
        IEnumerable<string> arguments,
        ReadOnlyMemory<byte> stdin = default,
        IReadOnlyDictionary<string, string?>? environment = null,
        string? workingDirectory = null,
        TimeSpan? limit = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = workingDirectory ?? string.Empty,
        };
        foreach ((string name, string? value) in environment ?? new Dictionary<string, string?>(StringComparer.Ordinal))
        {
            start.Environment[name] = value;
        }

        using var patience = new CancellationTokenSource(limit ?? TimeSpan.FromMinutes(2));
        using Process process = Process.Start(start)!;
        try
        {
            using var output = new MemoryStream();
            Task copying = process.StandardOutput.BaseStream.CopyToAsync(output, patience.Token);
            Task<string> talking = process.StandardError.ReadToEndAsync(patience.Token);
            await WriteAsync(process, stdin, patience.Token);
            await Task.WhenAll(copying, talking);
            await process.WaitForExitAsync(patience.Token);
            return new ToolRun(process.ExitCode, output.ToArray(), await talking);
        }
        catch (OperationCanceledException e)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} {string.Join(' ', start.ArgumentList)} did not end", e);
        }
    }

    /// <summary>Whether a program is on PATH, for skipping with the reason.</summary>
    public static bool Exists(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(':').Any(folder => File.Exists(Path.Combine(folder, program)));

    private static async Task WriteAsync(Process process, ReadOnlyMemory<byte> stdin, CancellationToken cancellation)
    {
        try
        {
            await process.StandardInput.BaseStream.WriteAsync(stdin, cancellation);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It did not want to read it all.
        }
    }
}
