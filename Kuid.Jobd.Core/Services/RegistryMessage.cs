using System.Globalization;
using System.Text;

namespace Kuid.Jobd.Core.Services;

/// <summary>
/// A message between a subserver and the superserver: the payload of one message of FANOS, fields with a NUL between two of them.
/// The first is its <see cref="RegistryVerb"/>; arguments are bytes and have no NUL, as those of execve(2).
/// </summary>
public sealed class RegistryMessage
{
    /// <summary>The longest payload, in bytes.</summary>
    public const int MaxBytes = 4 * 1024 * 1024;

    private readonly ReadOnlyMemory<byte>[] _fields;

    private RegistryMessage(string verb, ReadOnlyMemory<byte>[] fields) => (Verb, _fields) = (verb, fields);

    /// <summary>Its first field.</summary>
    public string Verb { get; }

    /// <summary>How many fields come after the verb.</summary>
    public int Count => _fields.Length;

    /// <summary>A message of text and numbers.</summary>
    /// <exception cref="ArgumentException">A field has a NUL.</exception>
    public static RegistryMessage Of(string verb, params object[] fields)
    {
        ArgumentNullException.ThrowIfNull(fields);
        return OfBytes(verb, fields.Select(field => field as byte[] ?? Encoding.UTF8.GetBytes(Convert.ToString(field, CultureInfo.InvariantCulture)!)));
    }

    /// <summary>A message of bytes.</summary>
    /// <exception cref="ArgumentException">A field has a NUL.</exception>
    public static RegistryMessage OfBytes(string verb, IEnumerable<byte[]> fields)
    {
        ReadOnlyMemory<byte>[] all = [.. fields];
        return Array.Exists(all, field => field.Span.Contains((byte)0))
            ? throw new ArgumentException("a field of a message has no NUL", nameof(fields))
            : new RegistryMessage(verb, all);
    }

    /// <summary>Reads a payload.</summary>
    public static RegistryMessage Parse(ReadOnlyMemory<byte> payload)
    {
        var fields = new List<ReadOnlyMemory<byte>>();
        int nul;
        while ((nul = payload.Span.IndexOf((byte)0)) >= 0)
        {
            fields.Add(payload[..nul]);
            payload = payload[(nul + 1)..];
        }

        fields.Add(payload);
        return new RegistryMessage(Encoding.UTF8.GetString(fields[0].Span), [.. fields[1..]]);
    }

    /// <summary>The payload.</summary>
    public byte[] ToPayload()
    {
        byte[] verb = Encoding.ASCII.GetBytes(Verb);
        byte[] payload = new byte[verb.Length + _fields.Sum(field => field.Length + 1)];
        verb.CopyTo(payload, 0);
        int at = verb.Length;
        foreach (ReadOnlyMemory<byte> field in _fields)
        {
            // The NUL in front of it is there already.
            field.Span.CopyTo(payload.AsSpan(at + 1));
            at += field.Length + 1;
        }

        return payload;
    }

    /// <summary>A field as bytes.</summary>
    /// <exception cref="FormatException">There are not so many.</exception>
    public ReadOnlyMemory<byte> Bytes(int index) => index < _fields.Length
        ? _fields[index]
        : throw new FormatException($"{Verb} has at least {index + 1} fields, this one has {_fields.Length}");

    /// <summary>A field as text.</summary>
    /// <exception cref="FormatException">There are not so many.</exception>
    public string Text(int index) => Encoding.UTF8.GetString(Bytes(index).Span);

    /// <summary>A field as a number.</summary>
    /// <exception cref="FormatException">There are not so many, or it is none.</exception>
    public long Number(int index) =>
        long.TryParse(Bytes(index).Span, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number)
            ? number
            : throw new FormatException($"field {index + 1} of {Verb} is a number, not \"{Text(index)}\"");

    /// <summary>The fields from one to the last, as the arguments of a call are.</summary>
    public IReadOnlyList<byte[]> From(int index) => [.. _fields.Skip(index).Select(field => field.ToArray())];
}
