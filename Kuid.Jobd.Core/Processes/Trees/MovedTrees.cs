namespace Kuid.Jobd.Core.Processes.Trees;

/// <summary>Trees of a daemon whose predecessor had them in another place: new ones are made here, what was left is dealt with there.</summary>
/// <param name="here">Where trees are made; it becomes this one's.</param>
/// <param name="there">Where they were; it becomes this one's.</param>
public sealed class MovedTrees(IProcessTrees here, IProcessTrees there) : IProcessTrees
{
    /// <inheritdoc/>
    public IProcessTree Take() => here.Take();

    /// <inheritdoc/>
    public IProcessTree? Adopt(int leader) => there.Adopt(leader) ?? here.Adopt(leader);

    /// <inheritdoc/>
    public async Task KillLeftAsync()
    {
        await there.KillLeftAsync();
        await here.KillLeftAsync();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        there.Dispose();
        here.Dispose();
    }
}
