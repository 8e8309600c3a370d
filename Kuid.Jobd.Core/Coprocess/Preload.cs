using System.Text;

namespace Kuid.Jobd.Core.Coprocess;

/// <summary>LD_PRELOAD with the shim in front, which takes itself out again.</summary>
internal static class Preload
{
    private static ReadOnlySpan<byte> Variable => "LD_PRELOAD="u8;

    /// <summary>Adds the shim to an environment.</summary>
    /// <param name="inherited">What the environment is put on top of.</param>
    /// <exception cref="CoprocessShellException">Its path cannot be said in LD_PRELOAD.</exception>
    internal static IReadOnlyList<byte[]> Into(IReadOnlyList<byte[]> environment, IReadOnlyList<byte[]> inherited, string shim)
    {
        // ld.so(8): the list is separated by spaces or colons, and there is no escape.
        if (shim.AsSpan().ContainsAny(' ', ':'))
        {
            throw new CoprocessShellException($"the path {shim} has a space or a colon, which LD_PRELOAD cannot have");
        }

        byte[]? others = environment.LastOrDefault(IsPreload) ?? inherited.LastOrDefault(IsPreload);
        byte[] own = [.. Variable, .. Encoding.UTF8.GetBytes(shim)];
        byte[] all = others is null ? own : [.. own, (byte)':', .. others.AsSpan(Variable.Length)];
        return [.. environment.Where(entry => !IsPreload(entry)), all];
    }

    private static bool IsPreload(byte[] entry) => entry.AsSpan().StartsWith(Variable);
}
