namespace Kuid.Clients.Tests;

/// <summary>clients/typescript compiled, once for all tests, as its package does it.</summary>
internal static class TypeScriptBuild
{
    private static readonly Lazy<Task> Once = new(CompileAsync);

    /// <summary>When it is; it fails with what the compiler said.</summary>
    internal static Task Done => Once.Value;

    private static async Task CompileAsync()
    {
        ToolRun run = await ToolRun.Of(
            "node", ["node_modules/typescript/bin/tsc"], workingDirectory: Repository.File("clients/typescript"), limit: TimeSpan.FromMinutes(5));
        run.ExitCode.Should().Be(0, "the TypeScript client is without errors: {0}", run.Text);
    }
}
