namespace Kuid.Faults.Tests.Load;

/// <summary>
/// Mixed traffic against one daemon: clients that do one thing after another, chosen by dice, through every door, and check every
/// answer. What is wrong is noted with what it was; a request that is not answered in time too.
/// </summary>
internal sealed class MixedLoad
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly LoadLedger _ledger;
    private readonly GroupTraffic _groups;
    private readonly (string Name, int Share, Func<Dice, Task> Act)[] _acts;
    private readonly int _shares;

    internal MixedLoad(LoadedDaemon daemon, LoadLedger ledger)
    {
        _ledger = ledger;
        var sockproc = new SockprocTraffic(daemon);
        var http = new HttpTraffic(daemon, ledger);
        _groups = new GroupTraffic(daemon, ledger, http);
        _acts =
        [
            ("sockproc true", 6, sockproc.True),
            ("sockproc uname", 4, sockproc.Uname),
            ("sockproc exit code", 4, sockproc.ExitCode),
            ("sockproc random output", 3, sockproc.RandomOutput),
            ("sockproc stdin", 3, sockproc.Stdin),
            ("sockproc hang up", 3, sockproc.HangUp),
            ("HTTP submit and poll", 6, http.SubmitAndPoll),
            ("HTTP exec", 4, http.Exec),
            ("HTTP cancel", 2, http.Cancel),
            ("HTTP follow", 2, http.Follow),
            ("HTTP batch", 1, _groups.Batch),
            ("HTTP schedule", 1, _groups.Trigger),
            ("HTTP pipeline", 1, http.Pipeline),
            ("HTTP service", 1, http.Service),
            ("coprocess session", 1, _groups.Coprocess),
        ];
        _shares = _acts.Sum(act => act.Share);
    }

    /// <summary>The kinds of traffic.</summary>
    internal IEnumerable<string> Kinds => _acts.Select(act => act.Name);

    /// <summary>What has to be there before.</summary>
    internal Task PrepareAsync() => _groups.PrepareAsync();

    /// <summary>So many clients until they are told to stop; each finishes what it has begun.</summary>
    /// <param name="pause">How long each thinks between two requests: so the load stays the same however fast the daemon is.</param>
    internal Task RunAsync(int clients, ulong seed, TimeSpan pause, CancellationToken stop) => Task.WhenAll(
        Enumerable.Range(0, clients).Select(client => Task.Run(() => ClientAsync(new Dice(seed, client), pause, stop), CancellationToken.None)));

    /// <summary>Each kind of traffic once.</summary>
    internal async Task EachOnceAsync(ulong seed)
    {
        var dice = new Dice(seed, -1);
        foreach ((string name, _, Func<Dice, Task> act) in _acts)
        {
            await Once(name, act, dice);
        }
    }

    private async Task ClientAsync(Dice dice, TimeSpan pause, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            (string name, Func<Dice, Task> act) = Choose(dice);
            await Once(name, act, dice);
            await Task.Delay(pause, CancellationToken.None);
        }
    }

    private Task Once(string name, Func<Dice, Task> act, Dice dice) => _ledger.Note(name, () => act(dice).WaitAsync(Patience));

    private (string Name, Func<Dice, Task> Act) Choose(Dice dice)
    {
        int place = dice.Below(_shares);
        foreach ((string name, int share, Func<Dice, Task> act) in _acts)
        {
            if ((place -= share) < 0)
            {
                return (name, act);
            }
        }

        throw new InvalidOperationException("the shares do not add up");
    }
}
