namespace Kuid.Clients.Tests.Contract;

/// <summary>What lies in the repository of the generated clients is what the generators make of openapi.yaml.</summary>
public sealed class GeneratedSpecs
{
    [Fact]
    public async Task Generating_again_changes_nothing()
    {
        NodeTools.SkipUnlessInstalled();
        using var folder = new TempFolder();

        ToolRun run = await ToolRun.Of(Repository.File("contract/generate.sh"), [folder.Path], limit: TimeSpan.FromMinutes(5));

        run.ExitCode.Should().Be(0, "the generators know what to make of openapi.yaml: {0}", run.Stderr);
        string[] generated = [.. Directory.GetFiles(folder.Path, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(folder.Path, file))];
        generated.Should().BeEquivalentTo("csharp/Generated/KuidApi.cs", "typescript/src/contract.ts");
        generated.Where(file => File.ReadAllText(folder[file]) != File.ReadAllText(Repository.File($"clients/{file}"))).Should().BeEmpty(
            "`make clients` has to be run, and the files committed, when openapi.yaml has changed");
    }
}
