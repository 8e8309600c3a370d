using Kuid.Jobd.Doors.Sockproc;

namespace Kuid.Jobd.Tests.Sockproc;

/// <summary>Feeds a request to the daemon's reader in pieces, and holds it to its promises between them.</summary>
internal static class ReaderRun
{
    internal static ReadOutcome Whole(string request, ReadLimits? limits = null) => Cut(Wire.Bytes(request), [], limits ?? ReadLimits.Default);

    internal static ReadOutcome ByteByByte(ReadOnlySpan<byte> request, ReadLimits limits) =>
        Cut(request, [.. Enumerable.Range(1, Math.Max(0, request.Length - 1))], limits);

    /// <param name="cuts">Where the pieces end, ascending; equal ones make an empty piece.</param>
    internal static ReadOutcome Cut(ReadOnlySpan<byte> request, ReadOnlySpan<int> cuts, ReadLimits limits)
    {
        var reader = new RequestReader(limits.Command, limits.Stdin);
        int surplus = -1;
        int from = 0;
        for (int i = 0; i <= cuts.Length; i++)
        {
            int to = i < cuts.Length ? cuts[i] : request.Length;
            int left = Feed(reader, request[from..to]);
            if (reader.State == ReadState.Complete && surplus < 0)
            {
                surplus = to - left;
            }

            from = to;
        }

        ReadState before = reader.State;
        ReadState end = reader.End();
        return new ReadOutcome(
            before, end, Wire.Text(reader.Command), reader.StdinBytes, reader.Rejection,
            surplus < 0 ? null : Wire.Text(request[surplus..]));
    }

    /// <returns>How many bytes of the piece were left unread.</returns>
    private static int Feed(RequestReader reader, ReadOnlySpan<byte> piece)
    {
        bool finished = reader.State is ReadState.Complete or ReadState.Rejected;
        Rejection rejection = reader.Rejection;
        ReadOnlySpan<byte> rest = piece;
        ReadState state = reader.Read(ref rest);
        return (finished, state) switch
        {
            _ when state != reader.State => throw new InvalidOperationException($"Read returned {state}, the state is {reader.State}"),
            (true, _) when rest.Length != piece.Length || rejection != reader.Rejection =>
                throw new InvalidOperationException("a finished reader read on"),
            (false, ReadState.Command or ReadState.Count) when !rest.IsEmpty =>
                throw new InvalidOperationException($"an unfinished reader left {rest.Length} bytes"),
            _ => rest.Length,
        };
    }
}
