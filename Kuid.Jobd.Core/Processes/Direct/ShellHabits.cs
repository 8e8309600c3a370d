using System.Collections.Concurrent;
using System.Text;

namespace Kuid.Jobd.Core.Processes.Direct;

/// <summary>What the shell does in one environment and directory, as far as it has been asked.</summary>
internal sealed class ShellHabits
{
    // A name that nobody has asked for costs the shell a run; who asks for more than so many gets the shell itself.
    private const int MostNames = 1000;

    // A name that is the shell's own, and of which there is a program that does the same when it has no arguments.
    private static readonly HashSet<string> Twins = new(["true", "false"], StringComparer.Ordinal);

    // Programs that would see that they have no shell above them, or that they lead the session: they look at processes, or for a
    // place among them.
    private static readonly HashSet<string> Onlookers = new(
        ["ps", "pgrep", "pkill", "pidof", "pidwait", "pstree", "top", "htop", "killall", "killall5", "fuser", "lsof", "setsid", "start-stop-daemon", "daemonize", "systemd-run"],
        StringComparer.Ordinal);

    // bash takes functions and settings from the environment, and would do something else with every command.
    private static readonly string[] Unknowable = ["BASH_FUNC_", "SHELLOPTS=", "BASHOPTS="];

    private readonly Spawner _spawner;
    private readonly ProcessSpec _shell;
    private readonly IReadOnlyList<byte[]> _given;
    private readonly ConcurrentDictionary<string, Task<bool>> _names = new(StringComparer.Ordinal);
    private readonly Task<IReadOnlyList<byte[]>?> _variables;

    /// <summary>Begins to ask.</summary>
    /// <param name="shell">A job of the shell, whose command does not matter.</param>
    /// <param name="given">The environment that the shell gets.</param>
    internal ShellHabits(Spawner spawner, ProcessSpec shell, IReadOnlyList<byte[]> given)
    {
        _spawner = spawner;
        _shell = shell;
        _given = given;
        _variables = AskVariablesAsync();
    }

    /// <summary>The environment that it gives to programs, in its order; null while that is not known, and where it cannot be.</summary>
    internal IReadOnlyList<byte[]>? Variables => _variables.IsCompletedSuccessfully ? _variables.Result : null;

    /// <summary>The file that it would execute for a command; null where it would not, or where that is not known yet.</summary>
    internal byte[]? ProgramOf(IReadOnlyList<byte[]> words)
    {
        string name = Encoding.ASCII.GetString(words[0]);
        if (Onlookers.Contains(name[(name.LastIndexOf('/') + 1)..]))
        {
            return null;
        }

        if (name.Contains('/', StringComparison.Ordinal))
        {
            return words[0];
        }

        return IsProgram(name, words.Count) ? OnPath(words[0]) : null;
    }

    /// <summary>Completes when all that there is to ask about a command has been answered.</summary>
    internal async Task LearnAsync(IReadOnlyList<byte[]> words)
    {
        await _variables;
        _ = ProgramOf(words);
        if (_names.TryGetValue(Encoding.ASCII.GetString(words[0]), out Task<bool>? known))
        {
            await known;
        }
    }

    private bool IsProgram(string name, int words)
    {
        if (Twins.Contains(name))
        {
            return words == 1;
        }

        if (!_names.TryGetValue(name, out Task<bool>? known))
        {
            if (_names.Count >= MostNames)
            {
                return false;
            }

            known = _names.GetOrAdd(name, AskNameAsync);
        }

        return known is { IsCompletedSuccessfully: true, Result: true };
    }

    // What is newly installed is found, as the shell would find it.
    private byte[]? OnPath(byte[] name)
    {
        foreach (byte[] candidate in ProgramPath.Candidates(name, _given))
        {
            if (candidate[0] != '/')
            {
                return null;
            }

            if (File.Exists(Encoding.UTF8.GetString(candidate)))
            {
                return candidate;
            }
        }

        return null;
    }

    private async Task<bool> AskNameAsync(string name)
    {
        // The shell has the last word on what is its own: builtins, reserved words, functions.
        ShellAnswer? answer = await ShellQuestion.AskAsync(_spawner, _shell, Encoding.ASCII.GetBytes("command -v " + name));
        return answer?.Text is [(byte)'/', .., (byte)'\n'];
    }

    private async Task<IReadOnlyList<byte[]>?> AskVariablesAsync()
    {
        await Task.Yield();
        if (_given.Any(variable => Array.Exists(Unknowable, start => variable.AsSpan().StartsWith(Encoding.ASCII.GetBytes(start)))) || OnPath("cat"u8.ToArray()) is not { } cat)
        {
            return null;
        }

        ShellAnswer? answer = await ShellQuestion.AskAsync(_spawner, _shell, [.. cat, .. " /proc/self/environ"u8]);
        if (answer?.Text is not { } block)
        {
            return null;
        }

        List<byte[]> variables = [];
        foreach (Range range in block.AsSpan().Split((byte)0))
        {
            if (!block.AsSpan(range).IsEmpty)
            {
                variables.Add(block[range]);
            }
        }

        // bash puts the program's own name there, which is another one each time; dash leaves what it was given.
        return variables.Exists(variable => variable.AsSpan().StartsWith("_="u8) && !_given.Any(variable.SequenceEqual)) ? null : variables;
    }
}
