namespace Kuid.Sysreq.Pipeline.Values;

/// <summary>Values for people, on one line and without anything that a terminal would act on.</summary>
public static class ValueDisplay
{
    /// <summary>The value: sizes <c>1.2 MB</c>, durations <c>3m 5s</c>, moments <c>2026-11-21 12:00:00Z</c>, the rest as its text.</summary>
    public static string Of(Value value) => value switch
    {
        SizeValue size => SizeText.Display(size.Bytes),
        DurationValue duration => DurationText.Display(duration.Nanoseconds),
        DateTimeValue moment => DateTimeText.Display(moment),
        BytesValue bytes => VisibleText.Of(bytes.Bytes.Span),
        ErrorValue error => VisibleText.Of(error.Message),
        _ => VisibleText.Of(ValueText.Of(value)),
    };

    /// <summary>Whether values of a kind stand at the right of their column.</summary>
    public static bool IsAtTheRight(ValueKind kind) =>
        ValueKinds.IsNumber(kind) || kind is ValueKind.Size or ValueKind.Duration;
}
