using System.Text;
using System.Text.Unicode;

namespace Kuid.Jobd.Api.Models;

/// <summary>Makes text of bytes, with U+FFFD for what is no UTF-8, and remembers whether there was such.</summary>
internal sealed class LossyText
{
    /// <summary>Whether something was no UTF-8.</summary>
    internal bool IsLossy { get; private set; }

    /// <summary>The text of bytes.</summary>
    internal string Of(byte[] bytes)
    {
        IsLossy |= !Utf8.IsValid(bytes);
        return Encoding.UTF8.GetString(bytes);
    }

    /// <summary>The variables of an environment, each <c>NAME=value</c>; of those with one name the last.</summary>
    internal Dictionary<string, string> Map(IReadOnlyList<byte[]> environment)
    {
        var map = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (byte[] variable in environment)
        {
            string text = Of(variable);
            int end = text.IndexOf('=', StringComparison.Ordinal);
            map[end < 0 ? text : text[..end]] = end < 0 ? string.Empty : text[(end + 1)..];
        }

        return map;
    }
}
