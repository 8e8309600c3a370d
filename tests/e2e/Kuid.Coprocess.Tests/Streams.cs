using System.Text;
using Kuid.Jobd.Core.Native;

namespace Kuid.Coprocess.Tests;

/// <summary>Three descriptors to pass: the null device, and a pipe for what is written.</summary>
internal sealed class Streams : IDisposable
{
    private readonly SafeFd _null = LibcFiles.OpenOwn("/dev/null", UnixFileMode.None);
    private readonly SafeFd _read;
    private readonly SafeFd _write;

    internal Streams() => (_read, _write) = LibcIo.Pipe();

    /// <summary>As a request takes them.</summary>
    internal IReadOnlyList<SafeFd> All => [_null, _write, _write];

    /// <summary>Where what was written is read.</summary>
    internal SafeFd Reader => _read;

    /// <summary>The same with another stdin.</summary>
    internal IReadOnlyList<SafeFd> With(SafeFd stdin) => [stdin, _write, _write];

    /// <summary>
    /// What was written, when everybody who had a copy has closed it: this waits for as long as the daemon or a process holds one.
    /// </summary>
    internal async Task<string> Written()
    {
        _write.Dispose();
        return await Task.Run(() =>
        {
            var text = new MemoryStream();
            Span<byte> buffer = stackalloc byte[4096];
            int n;
            while ((n = LibcIo.Read(_read, buffer)) > 0)
            {
                text.Write(buffer[..n]);
            }

            return Encoding.UTF8.GetString(text.ToArray());
        }).WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _null.Dispose();
        _read.Dispose();
        _write.Dispose();
    }
}
