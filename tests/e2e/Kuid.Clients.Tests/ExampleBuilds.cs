namespace Kuid.Clients.Tests;

/// <summary>What of the examples has to be compiled, once for all tests: two compilers at once would write the same files.</summary>
internal static class ExampleBuilds
{
    private static readonly Lazy<Task> OfTypeScript = new(() => CompileAsync(
        "node", "clients/typescript/node_modules/typescript/bin/tsc", "--project", "clients/typescript"));

    private static readonly Lazy<Task> OfCSharp = new(() => CompileAsync("dotnet", "build", "clients/csharp/example.cs", "-c", "Release", "--nologo"));

    /// <summary>clients/typescript, as its package does it.</summary>
    internal static Task TypeScript => OfTypeScript.Value;

    /// <summary>clients/csharp/example.cs, and the library with it.</summary>
    internal static Task CSharp => OfCSharp.Value;

    private static async Task CompileAsync(string program, params string[] arguments)
    {
        ToolRun run = await ToolRun.Of(program, arguments, workingDirectory: Repository.Root, limit: TimeSpan.FromMinutes(5));
        run.ExitCode.Should().Be(0, "the client is without errors: {0}", run.Text);
    }
}
