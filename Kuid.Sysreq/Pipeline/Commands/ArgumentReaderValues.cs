using System.Globalization;
using Kuid.Sysreq.Pipeline.Values;

namespace Kuid.Sysreq.Pipeline.Commands;

/// <summary>Arguments as values of a kind; what cannot be read as one is refused with the form that can.</summary>
public static class ArgumentReaderValues
{
    /// <summary>A whole number of 0 or more.</summary>
    /// <param name="name">What it is called, such as <c>COUNT</c>.</param>
    public static long Count(this ArgumentReader reader, Argument argument, string name) =>
        Integer(reader, argument, name, 0, long.MaxValue);

    /// <summary>A whole number within limits, in decimal or as <c>0x</c> hexadecimal.</summary>
    public static long Integer(
        this ArgumentReader reader, Argument argument, string name, long least = long.MinValue, long greatest = long.MaxValue)
    {
        long number = argument.Value switch
        {
            Int64Value value => value.Number,
            SizeValue size => size.Bytes,
            EnumValue named => named.Number,
            _ when TryInteger(ArgumentReader.Text(argument), out long value) => value,
            _ => throw Refusal(reader, argument, name, "a whole number"),
        };
        if (number >= least && number <= greatest)
            return number;

        string limits = greatest == long.MaxValue ? $"{least} or more" : $"{least} to {greatest}";
        throw Refusal(reader, argument, name, string.Create(CultureInfo.InvariantCulture, $"a whole number, {limits}"));
    }

    /// <summary>A number of bytes: <c>1000</c>, <c>1KB</c>, <c>4MiB</c>.</summary>
    public static long Size(this ArgumentReader reader, Argument argument, string name) =>
        argument.Value is SizeValue size ? size.Bytes
        : SizeText.TryParse(ArgumentReader.Text(argument), out long bytes) && bytes >= 0 ? bytes
        : throw Refusal(reader, argument, name, "a size, such as 1000, 1KB or 4MiB");

    /// <summary>A length of time, in nanoseconds: <c>250ms</c>, <c>1.5h</c>; a number without a unit is seconds.</summary>
    public static long Duration(this ArgumentReader reader, Argument argument, string name) =>
        argument.Value is DurationValue duration ? duration.Nanoseconds
        : DurationText.TryParse(ArgumentReader.Text(argument), out long nanoseconds) && nanoseconds >= 0 ? nanoseconds
        : throw Refusal(reader, argument, name, "a duration, such as 5, 250ms or 1h30m");

    /// <summary>A moment.</summary>
    public static DateTimeValue DateTime(this ArgumentReader reader, Argument argument, string name) =>
        argument.Value is DateTimeValue moment ? moment
        : DateTimeText.TryParse(ArgumentReader.Text(argument), out DateTimeValue parsed) ? parsed
        : throw Refusal(reader, argument, name, $"a moment, such as {DateTimeText.Form}");

    /// <summary>Permissions: octal digits up to <c>7777</c>, or <c>rwxr-xr-x</c>.</summary>
    public static uint Mode(this ArgumentReader reader, Argument argument, string name) =>
        argument.Value is ModeValue mode ? mode.Bits & ModeText.Permissions
        : ModeText.TryParse(ArgumentReader.Text(argument), out uint bits) && bits <= ModeText.Permissions ? bits
        : throw Refusal(reader, argument, name, "a mode, such as 0644 or rw-r--r--");

    /// <summary>Reads a whole number: decimal or <c>0x</c> hexadecimal, with a sign.</summary>
    internal static bool TryInteger(string text, out long number)
    {
        bool isNegative = text.StartsWith('-');
        ReadOnlySpan<char> digits = isNegative ? text.AsSpan(1) : text;
        if (!digits.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
            return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);

        // 0xffffffffffffffff is all bits set, as it is in C.
        bool isNumber = ulong.TryParse(digits[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong bits);
        number = isNegative ? -(long)bits : (long)bits;
        return isNumber;
    }

    private static CommandException Refusal(ArgumentReader reader, Argument argument, string name, string form) =>
        reader.Refusal($"{name} is {form}, not {Shown(argument)}", argument);

    private static string Shown(Argument argument) => ArgumentReader.Text(argument) is { Length: > 0 } text ? VisibleText.Of(text) : "''";
}
