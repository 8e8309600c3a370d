using Kuid.Sysreq.Remote;

namespace Kuid.Sysreq.Pipeline.Evaluation;

/// <summary>A connection, and with it a process on the remote system that has a directory of its own.</summary>
internal sealed class ShellConnection : IAsyncDisposable
{
    private readonly SysreqClient _client;

    private ShellConnection(SysreqClient client)
    {
        _client = client;
        System = new RemoteSystem(client);
    }

    /// <summary>Its calls.</summary>
    public RemoteSystem System { get; }

    /// <summary>Opens one.</summary>
    /// <param name="options">Its limits.</param>
    /// <param name="directory">Where it begins; null for the server's own.</param>
    public static async Task<ShellConnection> OpenAsync(
        ITransport transport, SysreqClientOptions options, ByteString? directory, CancellationToken cancellation)
    {
        SysreqClient client = await SysreqClient.ConnectAsync(transport, options, cancellation);
        var connection = new ShellConnection(client);
        try
        {
            if (directory is { } path)
            {
                await connection.System.ChangeDirectoryAsync(path, cancellation);
            }

            return connection;
        }
        catch
        {
            await client.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _client.DisposeAsync();
}
