namespace Kuid.Jobd.Core.Tests;

/// <summary>
/// The classes that count what the whole test process has (descriptors, zombies, CPU time) or bend its limits: nothing else
/// runs beside them.
/// </summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
