namespace Kuid.Faults.Tests;

/// <summary>The classes that put as much on the machine as it takes. Nothing else of this suite runs beside them.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
