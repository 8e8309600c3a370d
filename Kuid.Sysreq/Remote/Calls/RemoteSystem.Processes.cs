namespace Kuid.Sysreq.Remote;

public sealed partial class RemoteSystem
{
    /// <summary>Sends a signal; 0 only asks whether that were allowed.</summary>
    public Task KillAsync(int pid, int signal, CancellationToken cancellationToken = default) => throw Soon();

    /// <summary>Sends a signal to many processes together; null where it succeeded.</summary>
    public Task<IReadOnlyList<SysreqException?>> KillAllAsync(IReadOnlyList<int> pids, int signal, CancellationToken cancellationToken = default) => throw Soon();

    /// <summary>Whose rights the server has.</summary>
    public Task<ProcessIds> GetIdsAsync(CancellationToken cancellationToken = default) => throw Soon();

    /// <summary>A limit of the server itself.</summary>
    public Task<ResourceLimit> GetLimitAsync(Resource resource, CancellationToken cancellationToken = default) => throw Soon();

    /// <summary>Sets a limit of the server itself.</summary>
    public Task SetLimitAsync(Resource resource, ResourceLimit limit, CancellationToken cancellationToken = default) => throw Soon();

    /// <summary>Sets the mask of new files' permissions and gives the one before.</summary>
    public Task<int> SetFileModeMaskAsync(int mask, CancellationToken cancellationToken = default) => throw Soon();
}
