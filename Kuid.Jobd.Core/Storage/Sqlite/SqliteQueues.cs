using Dapper;

namespace Kuid.Jobd.Core.Storage.Sqlite;

/// <summary>The table queues.</summary>
public sealed partial class SqliteJobStore
{
    /// <inheritdoc/>
    public void PutQueue(QueueRecord queue) => Transact(durable: true, connection => connection.Execute(
        "INSERT OR REPLACE INTO queues (name, concurrency, paused, draining) VALUES (@Name, @Concurrency, @Paused, @Draining)", queue));

    /// <inheritdoc/>
    public bool DeleteQueue(string name) => Transact(durable: true, connection =>
        connection.Execute("DELETE FROM queues WHERE name = @name", new { name }) > 0);
}
