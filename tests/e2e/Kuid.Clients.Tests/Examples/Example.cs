namespace Kuid.Clients.Tests.Examples;

/// <summary>The example of a client: the program that its README shows.</summary>
/// <param name="Language">The client's folder.</param>
/// <param name="File">Its file in there.</param>
/// <param name="Command">What runs it, from the folder of the repository; the command for the job comes behind.</param>
public sealed record Example(string Language, string File, params string[] Command)
{
    // Dash and bash are two shells that differ where a script is careless.
    private static readonly Example[] All =
    [
        new("csharp", "example.cs", "dotnet", "run", "--no-build", "-c", "Release", "--file", "clients/csharp/example.cs", "--"),
        new("typescript", "example.mjs", "node", "clients/typescript/example.mjs"),
        new("python", "example.py", "python3", "clients/python/example.py"),
        new("sh", "example.sh", "dash", "clients/sh/example.sh"),
        new("sh", "example.sh", "bash", "clients/sh/example.sh"),
    ];

    /// <summary>Every one of them.</summary>
    public static TheoryData<Example> Every => [.. All];

    /// <summary>Runs a command as a job by it.</summary>
    /// <param name="place">The variables that say where the daemon is.</param>
    internal async Task<ToolRun> RunAsync(string command, params (string Name, string Value)[] place)
    {
        await PrepareAsync();
        var environment = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["KUID_SOCKET"] = null,
            ["KUID_URL"] = null,
            ["KUID_TOKEN_FILE"] = null,
        };
        foreach ((string name, string value) in place)
        {
            environment[name] = value;
        }

        return await ToolRun.Of(
            Command[0], [.. Command[1..], command], environment: environment, workingDirectory: Repository.Root, limit: TimeSpan.FromMinutes(5));
    }

    /// <inheritdoc/>
    public override string ToString() => Language == "sh" ? Command[0] : Language;

    private async Task PrepareAsync()
    {
        if (Language == "typescript")
        {
            NodeTools.SkipUnlessInstalled();
            await ExampleBuilds.TypeScript;
        }

        if (Language == "csharp")
        {
            await ExampleBuilds.CSharp;
        }

        Assert.SkipUnless(ToolRun.Exists(Command[0]), $"{Command[0]} is not installed");
    }
}
