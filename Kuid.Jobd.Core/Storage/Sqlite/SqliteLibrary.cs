using System.Runtime.InteropServices;
using SQLitePCL;

namespace Kuid.Jobd.Core.Storage.Sqlite;

/// <summary>
/// Which SQLite runs. The one that comes with the provider is of 2021, so the system's is loaded in its place when there is
/// one and it is newer.
/// </summary>
public static class SqliteLibrary
{
    private const string BundledName = "e_sqlite3";
    private const string SystemName = "libsqlite3.so.0";

    // RETURNING, and materialised views of one use: what the queries here need.
    private static readonly Version Oldest = new(3, 35);

    private static readonly Lazy<string> Loaded = new(Load);

    /// <summary>Which it is: <c>SQLite 3.40.1 (system)</c>. The first call loads it.</summary>
    /// <exception cref="StoreException">It is too old.</exception>
    public static string Description => Loaded.Value;

    private static string Load()
    {
        (nint system, Version? systemVersion) = TrySystem();
        (nint bundled, Version? bundledVersion) = TryBundled();
        bool useSystem = systemVersion is not null && (bundledVersion is null || systemVersion >= bundledVersion);
        nint chosen = useSystem ? system : bundled;
        if (chosen == 0)
        {
            throw new StoreException(StoreFault.Failed, $"there is no SQLite: neither {SystemName} nor the one that comes with kuid-jobd can be loaded");
        }

        // Before the provider looks at it, which expects more of a library than an old one has.
        Version version = (useSystem ? systemVersion : bundledVersion)!;
        if (version < Oldest)
        {
            throw new StoreException(StoreFault.Failed, $"SQLite {version} is too old; {Oldest} or newer is needed");
        }

        NativeLibrary.SetDllImportResolver(
            typeof(SQLite3Provider_e_sqlite3).Assembly, (name, _, _) => name == BundledName ? chosen : 0);
        Batteries_V2.Init();
        return $"SQLite {version} ({(useSystem ? "system" : "bundled")})";
    }

    private static (nint Handle, Version? Version) TrySystem() =>
        NativeLibrary.TryLoad(SystemName, out nint handle) ? (handle, VersionOf(handle)) : default;

    private static (nint Handle, Version? Version) TryBundled() =>
        NativeLibrary.TryLoad(BundledName, typeof(SqliteLibrary).Assembly, DllImportSearchPath.AssemblyDirectory, out nint handle)
            ? (handle, VersionOf(handle))
            : default;

    private static unsafe Version? VersionOf(nint library) =>
        NativeLibrary.TryGetExport(library, "sqlite3_libversion", out nint function)
        && Version.TryParse(Marshal.PtrToStringUTF8(((delegate* unmanaged<nint>)function)()), out Version? version)
            ? version
            : null;
}
