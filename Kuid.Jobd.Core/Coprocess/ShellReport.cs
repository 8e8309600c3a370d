namespace Kuid.Jobd.Core.Coprocess;

/// <summary>What the shim in a shell reports.</summary>
internal enum ShellReportKind
{
    /// <summary>The shell waits for a text; the value is the status of the last one.</summary>
    Ready = 1,

    /// <summary>The shell has the text and its descriptors: from here on an interruption is the text's.</summary>
    Started = 2,

    /// <summary>The shell could not take the descriptors; the value is the error number. That it is ready follows.</summary>
    Refused = 3,
}

/// <summary>A report of the shim.</summary>
/// <param name="Kind">What it says.</param>
/// <param name="Value">A number that belongs to it.</param>
internal readonly record struct ShellReport(ShellReportKind Kind, int Value);
