namespace Kuid.Clients.Tests.Contract;

/// <summary>What contract/lint.sh says.</summary>
public sealed class LintSpecs
{
    [Fact]
    public async Task Redocly_and_spectral_find_nothing_in_openapi_yaml()
    {
        NodeTools.SkipUnlessInstalled();

        ToolRun run = await LintAsync(Repository.File("openapi.yaml"));

        run.ExitCode.Should().Be(0, "{0}", run.Stderr);
    }

    [Fact]
    public async Task A_contract_with_a_mistake_fails_with_the_rule_of_each_of_the_two()
    {
        NodeTools.SkipUnlessInstalled();
        using var folder = new TempFolder();
        string contract = await File.ReadAllTextAsync(Repository.File("openapi.yaml"));
        string mistaken = contract.Replace("operationId: getJob\n", "operationId: submitJob\n", StringComparison.Ordinal);
        mistaken.Should().NotBe(contract);
        await File.WriteAllTextAsync(folder["openapi.yaml"], mistaken);

        ToolRun run = await LintAsync(folder["openapi.yaml"]);

        run.ExitCode.Should().Be(1);
        run.Stderr.Should().Contain("must have a unique `operationId`", "redocly says so")
            .And.Contain("must have unique \"operationId\"", "spectral says so");
    }

    private static Task<ToolRun> LintAsync(string file) =>
        ToolRun.Of(Repository.File("contract/lint.sh"), [file], limit: TimeSpan.FromMinutes(5));
}
