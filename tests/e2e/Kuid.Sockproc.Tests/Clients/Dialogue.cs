using System.Diagnostics;
using System.Text;

namespace Kuid.Sockproc.Tests.Clients;

// A client program whose input stays open, as at a terminal.
internal sealed class Dialogue : IDisposable
{
    private readonly Process _process;

    private Dialogue(Process process) => _process = process;

    internal static Dialogue With(string program, params string[] arguments) => new(Process.Start(
        new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!);

    internal async Task Type(string text)
    {
        await _process.StandardInput.BaseStream.WriteAsync(Encoding.UTF8.GetBytes(text));
        await _process.StandardInput.BaseStream.FlushAsync();
    }

    // What it prints until it closes its output, its input still open.
    internal async Task<string> ReadToEnd()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        return await _process.StandardOutput.ReadToEndAsync(patience.Token);
    }

    // Waits until it prints something, and reads no more of it.
    internal async Task ReadOneByte()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        (await _process.StandardOutput.BaseStream.ReadAsync(new byte[1], patience.Token)).Should().Be(1);
    }

    // SIGKILL: it has no chance to say goodbye.
    internal async Task Kill()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }
}
