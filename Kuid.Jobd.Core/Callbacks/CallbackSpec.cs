namespace Kuid.Jobd.Core.Callbacks;

/// <summary>What to post, and where to.</summary>
/// <param name="Url">The target, as it was submitted.</param>
/// <param name="Reported">The job whose end is posted.</param>
public sealed record CallbackSpec(string Url, long Reported);
