namespace Kuid.Cli.Editing;

/// <summary>Ctrl-R: looks for the last entry that contains what is typed, and with each further Ctrl-R for the one before it.</summary>
internal sealed class HistorySearch(History history, LineScreen screen, EditBuffer buffer)
{
    /// <summary>Searches until a key says something else. That key belongs to the line which was found, but for Ctrl-G.</summary>
    /// <param name="next">Waits for a key; null at the end.</param>
    /// <param name="giveBack">Takes back the key that ended it, as the one to come next.</param>
    internal async Task RunAsync(Func<Task<Key?>> next, Action<Key> giveBack)
    {
        (string text, int cursor) = (buffer.Text, buffer.Cursor);
        string sought = string.Empty;
        int at = history.Entries.Count;
        bool hasFailed = false;
        while (true)
        {
            screen.Show($"({(hasFailed ? "failed " : string.Empty)}search) {sought}: ", string.Empty, buffer.Text, buffer.Cursor);
            Key? key = await next();
            int from;
            switch (key)
            {
                case { Code: KeyCode.Text }:
                    sought += key.Value.Text;
                    from = at + 1;
                    break;
                case { Code: KeyCode.DeleteLeft } when sought.Length > 0:
                    sought = sought[..^(char.IsLowSurrogate(sought[^1]) ? 2 : 1)];
                    from = history.Entries.Count;
                    break;
                case { Code: KeyCode.SearchHistory }:
                    from = at;
                    break;
                case { Code: KeyCode.Abort or KeyCode.Interrupt }:
                    buffer.Set(text, cursor);
                    return;
                case { } other:
                    giveBack(other);
                    return;
                default:
                    return;
            }

            int? found = sought.Length > 0 ? history.FindBefore(from, sought) : null;
            hasFailed = found is null && sought.Length > 0;
            if (found is { } index)
            {
                at = index;
                string entry = history.Entries[index];
                buffer.Set(entry, entry.IndexOf(sought, StringComparison.Ordinal));
            }
        }
    }
}
