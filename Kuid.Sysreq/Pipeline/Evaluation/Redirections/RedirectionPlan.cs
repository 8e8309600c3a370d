using Kuid.Sysreq.Grammar.Tree;
using Kuid.Sysreq.Pipeline.Evaluation.Expansion;
using Kuid.Sysreq.Pipeline.Rows;

namespace Kuid.Sysreq.Pipeline.Evaluation;

/// <summary>
/// The redirections of a command, their words expanded and no file opened: whether its rows stay in the pipeline is known before it
/// runs, as its columns are.
/// </summary>
internal sealed class RedirectionPlan
{
    private readonly List<FileDestination> _files = [];

    /// <summary>Where the rows go.</summary>
    public Destination Output { get; private set; } = Destination.Output;

    /// <summary>Where the errors go.</summary>
    public Destination Errors { get; private set; } = Destination.Errors;

    /// <summary>The file that the input comes from; null when it comes from elsewhere.</summary>
    public FileInput? InputFile { get; private set; }

    /// <summary>The input: a file or a text; null without one.</summary>
    public RowSource? Input { get; private set; }

    /// <summary>The files that are opened for output, in their order: <c>> a > b</c> makes both.</summary>
    public IReadOnlyList<FileDestination> Files => _files;

    /// <summary>Expands redirections from the left: each counts from where those before it have led.</summary>
    public static async ValueTask<RedirectionPlan> OfAsync(WordExpander words, NodeList<Redirection> redirections)
    {
        var plan = new RedirectionPlan();
        foreach (Redirection redirection in redirections)
        {
            await plan.AddAsync(words, redirection);
        }

        return plan;
    }

    /// <summary>Sends the errors where the rows go, as <c>|&amp;</c> does after all else.</summary>
    public void SendErrorsWithRows() => Errors = Output;

    private async ValueTask AddAsync(WordExpander words, Redirection redirection)
    {
        switch (redirection.Kind)
        {
            case RedirectionKind.Input:
                (InputFile, string path) = (null, await words.TextAsync(redirection.Target));
                Input = InputFile = new FileInput(path);
                break;
            case RedirectionKind.HereDocument:
            case RedirectionKind.HereString:
                string text = redirection.Kind == RedirectionKind.HereDocument
                    ? await words.DocumentAsync(redirection.Target)
                    : await words.TextAsync(redirection.Target) + "\n";
                (InputFile, Input) = (null, GivenRowsSource.OfData(ShellText.BytesOf(text)));
                break;
            case RedirectionKind.Duplicate:
                Set(redirection, Duplicated(redirection, await words.TextAsync(redirection.Target)));
                break;
            case RedirectionKind.OutputAndErrors:
                Output = Errors = await OpenAsync(words, redirection);
                break;
            default:
                Set(redirection, await OpenAsync(words, redirection));
                break;
        }
    }

    private async ValueTask<Destination> OpenAsync(WordExpander words, Redirection redirection)
    {
        string path = await words.TextAsync(redirection.Target);
        if (path == "/dev/null")
        {
            return Destination.Nowhere;
        }

        var file = new FileDestination(path, redirection.Kind == RedirectionKind.Append);
        _files.Add(file);
        return file;
    }

    // The grammar knows no other descriptors than 1 and 2 for output.
    private Destination Duplicated(Redirection redirection, string target) =>
        target == "1" ? Output : redirection.Descriptor == 2 ? Errors : new TextDestination(Errors);

    private void Set(Redirection redirection, Destination destination)
    {
        if (redirection.Descriptor == 2)
        {
            Errors = destination;
        }
        else
        {
            Output = destination;
        }
    }
}
