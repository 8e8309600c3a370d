namespace Kuid.Cli.Editing;

/// <summary>What a key means to the editor.</summary>
internal enum KeyCode
{
    /// <summary>Characters.</summary>
    Text,

    /// <summary>A key that nothing is bound to.</summary>
    Unknown,
    Enter,
    Tab,
    Left,
    Right,
    Up,
    Down,
    WordLeft,
    WordRight,
    LineStart,
    LineEnd,
    DeleteLeft,
    DeleteRight,
    DeleteRightOrEnd,
    KillToLineEnd,
    KillToLineStart,
    KillBlankWordLeft,
    KillWordLeft,
    KillWordRight,
    Yank,
    Transpose,
    ClearScreen,
    SearchHistory,
    PreviousInHistory,
    NextInHistory,
    Interrupt,

    /// <summary>Ctrl-G: leaves a search.</summary>
    Abort,
}

/// <summary>A key that was pressed, or characters that were typed or pasted.</summary>
/// <param name="Code">What it means.</param>
/// <param name="Text">The characters of <see cref="KeyCode.Text"/>.</param>
internal readonly record struct Key(KeyCode Code, string Text = "");
