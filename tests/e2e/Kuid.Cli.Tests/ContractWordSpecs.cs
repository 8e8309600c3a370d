using Kuid.TestKit.Contract;

namespace Kuid.Cli.Tests;

/// <summary>The words that options allow are those of the contract, which kuid has lists of its own of.</summary>
public sealed class ContractWordSpecs
{
    [Theory]
    [InlineData("ps --state x", "JobState")]
    [InlineData("ps --kind x", "JobKind")]
    [InlineData("ps --origin x", "JobOrigin")]
    [InlineData("submit --after-mode x ls", "AfterMode")]
    [InlineData("submit --key-policy x ls", "KeyPolicy")]
    [InlineData("submit --disconnect x ls", "DisconnectPolicy")]
    [InlineData("schedule set n --every 1 --overlap x ls", "OverlapPolicy")]
    public async Task An_option_allows_each_word_of_its_schema_and_no_other(string words, string schema)
    {
        ToolRun run = await KuidCommand.Run(words.Split(' '));

        IEnumerable<string> contract = HttpContract.OfRepository.Schemas[schema].Enum!.Select(word => word.GetValue<string>());
        run.Stderr.Should().Contain($"\"x\": allowed: {string.Join(", ", contract)}; see kuid ");
    }
}
