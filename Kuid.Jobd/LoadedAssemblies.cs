using System.Reflection;

namespace Kuid.Jobd;

/// <summary>The code that is first needed when somebody asks for something; it is opened before.</summary>
/// <remarks>
/// The runtime opens an assembly when something of it is first used, and remembers one that it could not open: a single EMFILE at the
/// first request made that request, and every one after it, fail until the daemon was started anew. So nothing is left to be opened
/// while descriptors may be short. Each has two descriptors for good, so these are the ones that will be opened anyway, and no more:
/// <c>FailingCalls/CodeSpecs</c> in the tests finds out when that changes.
/// </remarks>
internal static class LoadedAssemblies
{
    private static readonly string[] ForAll = ["System.Collections.Immutable", "System.Text.Encoding.Extensions"];

    private static readonly string[] ForHttp =
    [
        "Kuid.Sysreq", "Microsoft.AspNetCore.Diagnostics.Abstractions", "Microsoft.AspNetCore.Http.Features", "Microsoft.AspNetCore.WebUtilities",
        "System.Net.ServerSentEvents", "System.Net.WebSockets", "System.Runtime.Intrinsics", "System.Runtime.Loader",
    ];

    /// <summary>Opens them; called once, before anything is accepted.</summary>
    /// <param name="hasHttp">Whether there is an HTTP door.</param>
    internal static void Load(bool hasHttp)
    {
        foreach (string name in hasHttp ? [.. ForAll, .. ForHttp] : ForAll)
        {
            try
            {
                Assembly.Load(name);
            }
            catch (FileNotFoundException)
            {
                // Another version of the framework has no such part, and so does not need it.
            }
        }
    }
}
