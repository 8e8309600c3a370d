using Kuid.Sysreq.Pipeline.Commands;
using Kuid.Sysreq.Remote;

namespace Kuid.Sysreq.Pipeline.Evaluation;

/// <summary>The files of a command's redirections while it runs.</summary>
internal sealed class OpenRedirections : IAsyncDisposable
{
    private readonly RedirectionPlan _plan;
    private readonly Dictionary<FileDestination, FileOutput> _outputs = [];

    private OpenRedirections(RedirectionPlan plan) => _plan = plan;

    /// <summary>Opens what there is to open.</summary>
    /// <exception cref="CommandException">A file cannot be; those before it are closed.</exception>
    public static async ValueTask<OpenRedirections> OpenAsync(RedirectionPlan plan, RemoteSystem system, CancellationToken cancellation)
    {
        var open = new OpenRedirections(plan);
        string path = "";
        try
        {
            foreach (FileDestination file in plan.Files)
            {
                path = file.Path;
                open._outputs.Add(file, await FileOutput.OpenAsync(system, file, cancellation));
            }

            if (plan.InputFile is { } input)
            {
                path = input.Path;
                await input.OpenAsync(system, cancellation);
            }

            return open;
        }
        catch (SysreqException refusal)
        {
            await open.DisposeAsync();
            throw new CommandException($"{path}: {refusal.Error.Text}", errno: refusal.ErrnoName);
        }
        catch
        {
            await open.DisposeAsync();
            throw;
        }
    }

    /// <summary>The streams of the command, made of those around it.</summary>
    public Streams Apply(Streams around) => around with
    {
        Output = Sink(_plan.Output, around),
        Errors = Sink(_plan.Errors, around),
    };

    /// <summary>Writes what waits to be written.</summary>
    public async ValueTask FlushAsync()
    {
        foreach ((FileDestination file, FileOutput output) in _outputs)
        {
            try
            {
                await output.FlushAsync();
            }
            catch (SysreqException refusal)
            {
                throw new CommandException($"{file.Path}: {refusal.Error.Text}", errno: refusal.ErrnoName);
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (FileOutput output in _outputs.Values)
        {
            await output.CloseAsync();
        }

        _outputs.Clear();
        if (_plan.InputFile is { } input)
        {
            await input.CloseAsync();
        }
    }

    private IResultSink Sink(Destination destination, Streams around) => destination switch
    {
        FileDestination file => _outputs[file].Sink,
        TextDestination text => new PlainTextSink(Sink(text.Target, around).WriteErrorAsync),
        _ when destination == Destination.Output => around.Output,
        _ when destination == Destination.Errors => around.Errors,
        _ => DiscardingSink.Instance,
    };
}
