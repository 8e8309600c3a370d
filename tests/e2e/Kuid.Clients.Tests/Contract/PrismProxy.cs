using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Kuid.Clients.Tests.Contract;

/// <summary>
/// <c>prism proxy --errors</c> on a loopback port in front of a daemon's: it holds every request and every answer against a contract, and
/// answers with an error of its own when one of the two is not what the contract says.
/// </summary>
internal sealed class PrismProxy : IAsyncDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _log = new();
    private readonly Task _logging;

    private PrismProxy(string contract, Uri daemon)
    {
        string port = TestDaemon.FreePort();
        Address = new Uri($"http://127.0.0.1:{port}");
        _process = Process.Start(new ProcessStartInfo(
            "node", [NodeTools.Of("prism"), "proxy", "--errors", "--host", "127.0.0.1", "--port", port, contract, daemon.ToString()])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardInput = true,
            Environment = { ["NO_COLOR"] = "1" },
        })!;
        _logging = CollectAsync();
    }

    /// <summary>Where it listens.</summary>
    internal Uri Address { get; }

    /// <summary>Everything it has said.</summary>
    internal string Log
    {
        get
        {
            lock (_log)
            {
                return _log.ToString();
            }
        }
    }

    /// <summary>Its complaints: what it says that is neither information nor about its start.</summary>
    internal IEnumerable<string> Complaints => Log.Split('\n').Where(line =>
        line.Contains(" error ", StringComparison.Ordinal) || line.Contains(" warning ", StringComparison.Ordinal)
        || line.Contains("VIOLATION", StringComparison.OrdinalIgnoreCase));

    internal static async Task<PrismProxy> Start(string contract, Uri daemon)
    {
        var proxy = new PrismProxy(contract, daemon);
        try
        {
            await Eventually.Holds(
                () => proxy._process.HasExited
                    ? throw new InvalidOperationException($"prism ended: {proxy.Log}")
                    : proxy.Log.Contains("Prism is listening", StringComparison.Ordinal),
                () => string.Create(CultureInfo.InvariantCulture, $"prism listens: {proxy.Log}"),
                TimeSpan.FromMinutes(3));
            return proxy;
        }
        catch
        {
            await proxy.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        await _logging;
        _process.Dispose();
    }

    private async Task CollectAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            lock (_log)
            {
                _log.Append(line).Append('\n');
            }
        }
    }
}
