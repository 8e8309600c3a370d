using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using Kuid.Jobd.Core.Keeping;
using Kuid.Jobd.Core.Native;
using Kuid.Jobd.Core.Processes;
using Kuid.TestKit;

namespace Kuid.Jobd.Core.Tests.Native;

/// <summary>The structures are an ABI: what spawn.h asserts at compile time is asserted here of the managed side.</summary>
public sealed partial class ShimStructSpecs
{
    private static readonly string Header = File.ReadAllText(Repository.File("daemon-c/spawn.h"));

    private static readonly Dictionary<string, Type> Types = new(StringComparer.Ordinal)
    {
        ["kuid_spawn_request"] = typeof(KuidSpawn.Request),
        ["kuid_spawn_isolation"] = typeof(KuidSpawn.Isolation),
        ["kuid_spawn_limits"] = typeof(KuidSpawn.Limits),
        ["kuid_spawn_reply"] = typeof(KuidSpawn.Reply),
        ["kuid_exit"] = typeof(KuidSpawn.Exit),
    };

    [Fact]
    public void The_sizes_are_those_that_the_header_asserts()
    {
        var sizes = Numbers(SizeAssertion());

        sizes.Should().Equal(new Dictionary<string, int>(StringComparer.Ordinal)
        {
            ["kuid_spawn_request"] = Unsafe.SizeOf<KuidSpawn.Request>(),
            ["kuid_spawn_isolation"] = Unsafe.SizeOf<KuidSpawn.Isolation>(),
            ["kuid_spawn_limits"] = Unsafe.SizeOf<KuidSpawn.Limits>(),
            ["kuid_spawn_reply"] = Unsafe.SizeOf<KuidSpawn.Reply>(),
            ["kuid_exit"] = Unsafe.SizeOf<KuidSpawn.Exit>(),
        });
        sizes.Values.Should().Equal(88, 32, 48, 16, 32);
    }

    [Fact]
    public void The_structures_of_a_keeper_are_those_that_its_header_asserts()
    {
        string header = File.ReadAllText(Repository.File("daemon-c/keep.h"));

        header.Should().Contain($"sizeof(struct kuid_keeper) == {Unsafe.SizeOf<KuidSpawn.Keeper>()},")
            .And.Contain($"sizeof(struct kept_started) == {KeeperStart.Size},")
            .And.Contain($"sizeof(struct kept_exited) == {KeeperExit.Size},")
            .And.Contain($"sizeof(struct kept_end) == {KeeperEnd.Size},")
            .And.Contain($"offsetof(struct kuid_keeper, log) == {Marshal.OffsetOf<KuidSpawn.Keeper>("Log")},")
            .And.Contain($"offsetof(struct kuid_keeper, pid) == {Marshal.OffsetOf<KuidSpawn.Keeper>("Pid")},");
    }

    [Fact]
    public void The_offsets_are_those_that_the_header_asserts()
    {
        MatchCollection asserted = OffsetAssertion().Matches(Header);

        asserted.Should().HaveCountGreaterThanOrEqualTo(4);
        foreach (Match offset in asserted)
        {
            string field = offset.Groups["field"].Value.Replace("_", string.Empty, StringComparison.Ordinal);
            Type type = Types[offset.Groups["name"].Value];
            string managed = type.GetFields(System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Instance)
                .Single(f => f.Name.Equals(field, StringComparison.OrdinalIgnoreCase)).Name;

            Marshal.OffsetOf(type, managed).Should().Be(Number(offset), "{0} is an ABI", offset.Value);
        }
    }

    [Fact]
    public void The_steps_are_numbered_as_in_the_header()
    {
        var numbers = Numbers(StepNumber());

        numbers.Should().HaveCount(Enum.GetValues<SpawnStep>().Length);
        foreach ((string name, int number) in numbers)
        {
            Enum.GetName((SpawnStep)number)!.ToUpperInvariant().Should().Be(name switch
            {
                "NONE" => "PIPE",
                "SETSID" => "SESSION",
                "PARENT" => "PARENTDEATH",
                _ => name.Replace("_", string.Empty, StringComparison.Ordinal),
            });
        }
    }

    private static Dictionary<string, int> Numbers(Regex lines) =>
        lines.Matches(Header).ToDictionary(m => m.Groups["name"].Value, Number, StringComparer.Ordinal);

    private static int Number(Match line) => int.Parse(line.Groups["number"].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"static_assert\(sizeof\(struct (?<name>\w+)\) == (?<number>\d+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex SizeAssertion();

    [GeneratedRegex(@"static_assert\(offsetof\(struct (?<name>\w+), (?<field>\w+)\) == (?<number>\d+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex OffsetAssertion();

    [GeneratedRegex(@"^    KUID_SPAWN_(?<name>\w+) = (?<number>\d+),", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex StepNumber();
}
