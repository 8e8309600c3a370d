using Kuid.Jobd.Core.Services;

namespace Kuid.Cli.Services;

/// <summary>A service of this user's: what everybody may know of it, and the program behind it, which is nobody's business.</summary>
/// <param name="Definition">What is offered.</param>
/// <param name="Program">The full path of what is run.</param>
internal sealed record AdvertisedService(ServiceDefinition Definition, string Program);
