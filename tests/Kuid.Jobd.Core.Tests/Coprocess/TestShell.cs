using System.Text;
using Kuid.Jobd.Core.Coprocess;
using Kuid.Jobd.Core.Descriptors;
using Kuid.Jobd.Core.Native;
using Kuid.Jobd.Core.Processes;
using Kuid.TestKit;

namespace Kuid.Jobd.Core.Tests.Coprocess;

/// <summary>A session's shell, and texts evaluated on files in memory.</summary>
internal sealed class TestShell : IAsyncDisposable
{
    /// <summary>The library that `make native` has left.</summary>
    internal static readonly string Shim = Path.Combine(AppContext.BaseDirectory, "libkuidcoprocess.so");

    private readonly TempFolder _folder = new();
    private readonly Reactor _reactor = new();
    private readonly Spawner _spawner;
    private CoprocessShell? _shell;

    private TestShell(InheritedEnvironment inherited) => _spawner = new Spawner(_reactor, inherited);

    /// <summary>The shells that a session can be.</summary>
    public static TheoryData<string> Shells => ["bash", "dash", "ash"];

    internal CoprocessShell Shell => _shell!;

    /// <summary>A folder of the shell's own, its HOME.</summary>
    internal TempFolder Folder => _folder;

    internal Terminal NewTerminal() => new(_reactor);

    internal static async Task<TestShell> StartAsync(string name, Action<TempFolder>? prepare = null, params string[] environment)
    {
        var inherited = InheritedEnvironment.OfThisProcess();
        var test = new TestShell(inherited with { Variables = [.. inherited.Variables.Where(v => !v.AsSpan().StartsWith("ENV="u8))] });
        prepare?.Invoke(test._folder);
        try
        {
            byte[][] variables = [.. environment.Prepend($"HOME={test._folder.Path}").Prepend("LC_ALL=C").Select(Specs.Bytes)];
            test._shell = await CoprocessShell.StartAsync(
                test._spawner, test._reactor, Specs.Bytes(test.ProgramOf(name)), variables, cwd: null, Shim);
            return test;
        }
        catch
        {
            await test.DisposeAsync();
            throw;
        }
    }

    /// <summary>The path of a shell; busybox is ash under that name.</summary>
    private string ProgramOf(string name)
    {
        if (name.Contains('/', StringComparison.Ordinal))
        {
            return name;
        }

        string program = name == "ash" ? "busybox" : name;
        string? found = (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(':')
            .Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
        Assert.SkipWhen(found is null, $"{program} is not installed");
        return name == "ash" ? File.CreateSymbolicLink(_folder["ash"], found!).FullName : found!;
    }

    /// <summary>Evaluates a text, and what it says when it is over.</summary>
    internal async Task<Answer> Run(string text, string stdin = "", bool onTerminal = false)
    {
        using SafeFd input = LibcFiles.InMemory("stdin"), output = LibcFiles.InMemory("stdout"), errors = LibcFiles.InMemory("stderr");
        LibcFiles.WriteAt(input, Specs.Bytes(stdin), 0);
        ShellStatus status = await Evaluate(text, input, output, errors, onTerminal);
        return new Answer(status, Encoding.Latin1.GetString(LibcFiles.ReadAll(output)), Encoding.Latin1.GetString(LibcFiles.ReadAll(errors)));
    }

    internal Task<ShellStatus> Evaluate(string text, SafeFd stdin, SafeFd stdout, SafeFd stderr, bool onTerminal = false) =>
        Shell.EvaluateAsync(Specs.Bytes(text), new Stdio(stdin, stdout, stderr), onTerminal).WaitAsync(Reading.Limit);

    /// <summary>
    /// Interrupts until the text is over: a shell that is interrupted just before it starts a program waits for the program.
    /// </summary>
    internal static async Task<ShellStatus> Insist(Task<ShellStatus> evaluation, Action interrupt)
    {
        do
        {
            interrupt();
        }
        while (await Task.WhenAny(evaluation, Task.Delay(TimeSpan.FromSeconds(1))) != evaluation);
        return await evaluation;
    }

    internal Descriptor Watched(SafeFd fd, EpollEvents events) => new(_reactor, fd, events);

    public async ValueTask DisposeAsync()
    {
        if (_shell is not null)
        {
            await _shell.DisposeAsync();
        }

        _spawner.Dispose();
        _reactor.Dispose();
        _folder.Dispose();
    }

    internal sealed record Answer(ShellStatus Status, string Stdout, string Stderr)
    {
        internal int? Code => Status.Status.ExitCode;
    }
}
