using Kuid.Jobd.Core.Services;

namespace Kuid.Cli.Services;

/// <summary>What a caller with frames says before the program begins.</summary>
/// <param name="Variables">For its environment, each <c>NAME=value</c>.</param>
/// <param name="Window">The size of the caller's terminal; zeros when it has not said.</param>
internal sealed record CallPrelude(IReadOnlyList<byte[]> Variables, WindowSize Window)
{
    // It describes the caller's terminal, as the size does: whatever runs on a terminal gets it, and no other program knows it.
    private const string Terminal = "TERM";
    private const int MostVariables = ServiceDefinition.MaxList;

    /// <summary>Reads it up to the start.</summary>
    /// <returns>Null when the caller has gone, or nobody waits any more.</returns>
    /// <exception cref="FormatException">It says what it may not.</exception>
    internal static async Task<CallPrelude?> ReadAsync(FrameChannel caller, ServiceDefinition service, CancellationToken cancellation)
    {
        var variables = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        if (service.Pty)
        {
            // Not that of the terminal in which kuid advertise was started.
            variables[Terminal] = [.. "TERM=dumb"u8];
        }

        var window = default(WindowSize);
        try
        {
            while (await caller.ReadAsync(cancellation) is { } frame)
            {
                switch (frame.Kind)
                {
                    case FrameKind.Start:
                        return new CallPrelude([.. variables.Values], window);
                    case FrameKind.Window:
                        window = frame.Window();
                        break;
                    case FrameKind.Env:
                        Add(variables, frame, service);
                        break;
                    default:
                        throw new FormatException($"a frame of the kind {frame.Kind} comes after the start");
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Somebody has ended the call.
        }

        return null;
    }

    private static void Add(Dictionary<string, byte[]> variables, Frame frame, ServiceDefinition service)
    {
        string name = frame.Text().Split('=', 2) is [var before, _] ? before : throw new FormatException($"\"{frame.Text()}\" is no NAME=value");
        bool isAllowed = service.Env.Contains(name, StringComparer.Ordinal);
        if (!isAllowed && name != Terminal)
        {
            string allowed = service.Env.Count > 0 ? string.Join(", ", service.Env) : "none";
            throw new FormatException($"{service.Name} lets its callers not set {name}; allowed: {allowed}");
        }

        if (frame.Payload.Span.Contains((byte)0))
        {
            throw new FormatException($"{name} has a NUL");
        }

        if (variables.Count == MostVariables)
        {
            throw new FormatException($"at most {MostVariables} variables are allowed");
        }

        if (isAllowed || service.Pty)
        {
            variables[name] = frame.Payload.ToArray();
        }
    }
}
