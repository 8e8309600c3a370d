namespace Kuid.Daemon.Tests;

/// <summary>
/// The classes that put as much on the machine as it takes: thousands of jobs, connections or descriptors. Nothing else runs
/// beside them, for what others mean by a second would not be one.
/// </summary>
[CollectionDefinition(nameof(Load), DisableParallelization = true)]
public sealed class Load;
