using System.Buffers.Binary;
using System.Diagnostics;

namespace Kuid.Sysreqd.Tests.Sockets;

// A dialogue with `kuid-sysreqd -` over two pipes.
internal sealed class Piped : IDisposable
{
    private readonly Process _process;

    internal Piped(string[]? runner = null, string? program = null)
    {
        string[] command = [.. runner ?? [], program ?? Server.Program, "-"];
        _process = Process.Start(new ProcessStartInfo(command[0], command[1..])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        Ident = Receive(Connection.IdentSize);
    }

    internal byte[] Ident { get; }

    internal void Send(byte[] bytes)
    {
        _process.StandardInput.BaseStream.Write(bytes);
        _process.StandardInput.BaseStream.Flush();
    }

    internal byte[] Receive(int count)
    {
        byte[] bytes = new byte[count];
        _process.StandardOutput.BaseStream.ReadExactly(bytes);
        return bytes;
    }

    internal long ReceiveReply() => BinaryPrimitives.ReadInt64LittleEndian(Receive(Connection.ReplySize));

    internal long Call(long number, params long[] arguments)
    {
        Send(Connection.Request(number, arguments));
        return ReceiveReply();
    }

    // The end of its input is the end of the program.
    internal async Task End()
    {
        _process.StandardInput.Close();
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        await _process.WaitForExitAsync(patience.Token);
        _process.ExitCode.Should().Be(0);
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
