namespace Kuid.Sysreq.Pipeline.Commands.Rows;

/// <summary>How many rows <c>head</c>, <c>tail</c>, <c>first</c> and <c>last</c> are asked for.</summary>
internal static class RowCount
{
    /// <summary>The option that says it.</summary>
    public static (string Option, string Meaning) Option => ("-n COUNT", "the same as COUNT");

    /// <summary>Reads <c>5</c>, <c>-n 5</c> or <c>-5</c>.</summary>
    /// <param name="fallback">How many without any.</param>
    public static long Read(ArgumentReader arguments, long fallback)
    {
        arguments.TakeAtMost(arguments.Has("-n") ? 0 : 1, "COUNT");
        if ((arguments.ValueOf("-n") ?? arguments.OperandAt(0)) is not { } argument)
            return fallback;

        string text = ArgumentReader.Text(argument);
        bool isOldForm = text is ['-', _, ..] && !arguments.Has("-n");
        return arguments.Count(isOldForm ? argument with { Value = new Values.StringValue(text[1..]) } : argument, "COUNT");
    }
}
