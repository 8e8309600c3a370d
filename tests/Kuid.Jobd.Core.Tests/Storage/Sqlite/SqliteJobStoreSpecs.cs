using Kuid.Jobd.Core.Storage;
using Kuid.Jobd.Core.Storage.Sqlite;
using Kuid.TestKit;

namespace Kuid.Jobd.Core.Tests.Storage.Sqlite;

public sealed class SqliteJobStoreSpecs : JobStoreConformance
{
    private readonly TempFolder _folder = new();

    protected override IJobStore OpenNew() => SqliteJobStore.Open(_folder["history.db"]);

    protected override IJobStore OpenAgain() => OpenNew();

    // What a killed process leaves is what lies in its files.
    protected override IJobStore OpenAsAfterKill() => SqliteJobStore.Open(SqliteFiles.Copy(_folder["history.db"], _folder["killed.db"]));

    protected override void Dispose(bool disposing)
    {
        _folder.Dispose();
        base.Dispose(disposing);
    }
}
