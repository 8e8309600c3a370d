namespace Kuid.Clients.Tests.Contract;

/// <summary>What lies in the repository of the generated clients is what the generators make of openapi.yaml.</summary>
public sealed class GeneratedSpecs
{
    [Theory]
    [InlineData("csharp/Generated/KuidApi.cs")]
    [InlineData("typescript/src/contract.ts")]
    public async Task Generating_again_changes_nothing(string file)
    {
        NodeTools.SkipUnlessInstalled();
        using var folder = new TempFolder();

        ToolRun run = await ToolRun.Of(Repository.File("contract/generate.sh"), [folder.Path], limit: TimeSpan.FromMinutes(5));

        run.ExitCode.Should().Be(0, "the generators know what to make of openapi.yaml: {0}", run.Stderr);
        string generated = await File.ReadAllTextAsync(folder[file]);
        bool same = generated == await File.ReadAllTextAsync(Repository.File($"clients/{file}"));
        same.Should().BeTrue("`make clients` has to be run, and clients/{0} committed, when openapi.yaml has changed", file);
    }
}
