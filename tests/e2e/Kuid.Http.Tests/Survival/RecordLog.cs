using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace Kuid.Http.Tests.Survival;

/// <summary>A keeper's record log, changed from outside.</summary>
internal static class RecordLog
{
    private const int SumOffset = 4;
    private const int SummedFrom = 8;
    private const int BootOffset = 24 + 32;
    private const int FirstRecord = 24 + 72;

    /// <summary>Has its first record say another boot, with the right sum. .NET's own files respect the keeper's lock, other programs do not.</summary>
    internal static async Task SetBoot(string path, string boot, string copy)
    {
        (await ToolRun.Of("cp", [path, copy])).ExitCode.Should().Be(0);
        byte[] record = (await File.ReadAllBytesAsync(copy))[..FirstRecord];
        Encoding.ASCII.GetBytes(boot).CopyTo(record, BootOffset);
        uint sum = uint.MaxValue;
        foreach (byte b in record[SummedFrom..])
        {
            sum = BitOperations.Crc32C(sum, b);
        }

        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(SumOffset), ~sum);
        await File.WriteAllBytesAsync(copy, record);
        (await ToolRun.Of("dd", [$"if={copy}", $"of={path}", "conv=notrunc"])).ExitCode.Should().Be(0);
    }
}
