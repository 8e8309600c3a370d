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

    [Theory]
    [InlineData("operationId: getJob\n", "operationId: submitJob\n", "operation-operationId-unique", "redocly and spectral know it")]
    [InlineData("#/components/schemas/Health\"", "#/components/schemas/Wealth\"", "no-unresolved-refs", "redocly's strict set")]
    public async Task A_contract_with_a_mistake_fails(string right, string wrong, string rule, string because)
    {
        NodeTools.SkipUnlessInstalled();
        using var folder = new TempFolder();
        string contract = await File.ReadAllTextAsync(Repository.File("openapi.yaml"));
        contract.Should().Contain(right);
        await File.WriteAllTextAsync(folder["openapi.yaml"], contract.Replace(right, wrong, StringComparison.Ordinal));

        ToolRun run = await LintAsync(folder["openapi.yaml"]);

        run.ExitCode.Should().Be(1);
        run.Stderr.Should().Contain(rule, because);
    }

    private static Task<ToolRun> LintAsync(string file) =>
        ToolRun.Of(Repository.File("contract/lint.sh"), [file], limit: TimeSpan.FromMinutes(5));
}
