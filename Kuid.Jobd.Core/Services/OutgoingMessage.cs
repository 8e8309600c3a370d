using Kuid.Jobd.Core.Native;

namespace Kuid.Jobd.Core.Services;

/// <summary>A message on its way to a subserver.</summary>
/// <param name="Message">The message.</param>
/// <param name="Descriptor">
/// What goes with it; null for nothing. Whoever sends it closes it when it is sent: one that is still open was not.
/// </param>
public sealed record OutgoingMessage(RegistryMessage Message, SafeFd? Descriptor = null);
