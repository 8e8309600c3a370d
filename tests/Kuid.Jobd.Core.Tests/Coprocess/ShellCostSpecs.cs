using System.Globalization;
using Kuid.Jobd.Core.Native;
using Kuid.Jobd.Core.Processes;
using Kuid.TestKit;

namespace Kuid.Jobd.Core.Tests.Coprocess;

/// <summary>What texts leave open. KUID_FUZZ_COUNT says how many there are.</summary>
[Collection(nameof(Alone))]
public sealed class ShellCostSpecs
{
    [Theory]
    [MemberData(nameof(TestShell.Shells), MemberType = typeof(TestShell))]
    public async Task Many_texts_leave_no_descriptor_on_either_side(string name)
    {
        long count = FuzzPlan.Of(1000).Count;
        IReadOnlyDictionary<string, int> before = OwnDescriptors.Count();
        await using (TestShell shell = await TestShell.StartAsync(name))
        {
            using SafeFd nothing = LibcFiles.InMemory("nothing");
            var stdio = new Stdio(nothing, nothing, nothing);
            await shell.Shell.EvaluateAsync(":"u8.ToArray(), stdio, onTerminal: false);
            int shells = Open(shell);
            long start = TimeProvider.System.GetTimestamp();
            for (long i = 0; i < count; i++)
            {
                ReadOnlyMemory<byte> text = i % 100 == 99 ? "if"u8.ToArray() : ":"u8.ToArray();
                (await shell.Shell.EvaluateAsync(text, stdio, onTerminal: false)).HasEnded.Should().BeFalse();
            }

            TimeSpan taken = TimeProvider.System.GetElapsedTime(start);
            TestContext.Current.TestOutputHelper?.WriteLine($"{name}: {count} texts, {taken.TotalMilliseconds / count:F3} ms each");
            Open(shell).Should().Be(shells);
        }

        await OwnDescriptors.AreBackAt(before);
    }

    private static int Open(TestShell shell) =>
        Directory.GetFileSystemEntries(string.Create(CultureInfo.InvariantCulture, $"/proc/{shell.Shell.Pid}/fd")).Length;
}
