namespace Kuid.Clients.Tests;

/// <summary>The npm packages that contract/install.sh installs where Node.js is.</summary>
internal static class NodeTools
{
    /// <summary>A tool of the contract: redocly, spectral, nswag, prism.</summary>
    internal static string Of(string name) => Repository.File($"contract/node_modules/.bin/{name}");

    /// <summary>Whether they are there.</summary>
    internal static bool AreInstalled =>
        ToolRun.Exists("node") && File.Exists(Of("redocly")) && File.Exists(Repository.File("clients/typescript/node_modules/.bin/tsc"));

    /// <summary>Skips the test, with the reason, where they are not.</summary>
    internal static void SkipUnlessInstalled()
    {
        Assert.SkipUnless(ToolRun.Exists("node"), "Node.js is not installed");
        Assert.SkipUnless(
            AreInstalled, "the npm packages are not installed: contract/install.sh has not run, or npm reached no registry");
    }
}
