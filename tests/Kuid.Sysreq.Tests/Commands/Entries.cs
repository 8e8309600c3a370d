using System.Runtime.CompilerServices;
using Kuid.Sysreq.Pipeline.Commands;
using Kuid.Sysreq.Pipeline.Rows;
using Kuid.Sysreq.Pipeline.Values;

namespace Kuid.Sysreq.Tests.Commands;

/// <summary>A stage like <c>ls</c>, with a column on demand; it tells how far it was read, and how often it was asked for what.</summary>
internal sealed class Entries(params (string Name, long Size)[] entries) : OwnRowsSource(
    [new("name", ValueKind.String), new("inode", ValueKind.UInt64)], [new("size", ValueKind.Size), new("mode", ValueKind.Mode)])
{
    public int RowsRead { get; private set; }

    public int ReadsEnded { get; private set; }

    public IReadOnlyList<string> DemandedNames => [.. Demanded.Select(column => column.Name)];

    public override async IAsyncEnumerable<Value[]> ReadAsync(
        CommandContext context, [EnumeratorCancellation] CancellationToken cancellation)
    {
        try
        {
            foreach ((string name, long size) in entries)
            {
                await Task.Yield();
                RowsRead++;
                IEnumerable<Value> demanded = Demanded.Select(column => column.Name == "size" ? new SizeValue(size) : (Value)new ModeValue(0x81A4));
                yield return [new StringValue(name), new UInt64Value((ulong)RowsRead), .. demanded];
            }
        }
        finally
        {
            ReadsEnded++;
        }
    }
}
