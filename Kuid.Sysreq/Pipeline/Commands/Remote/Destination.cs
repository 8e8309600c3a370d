using Kuid.Sysreq.Remote;

namespace Kuid.Sysreq.Pipeline.Commands.Remote;

/// <summary>Where files go that get another name: into a directory under their own name, or to a path.</summary>
internal readonly record struct Destination(ByteString Path, bool IsDirectory)
{
    /// <summary>Finds out which. Several files need a directory.</summary>
    /// <param name="count">How many files there are.</param>
    public static async Task<Destination> FindAsync(RemoteStage stage, int count, ByteString path)
    {
        var status = (await stage.System.StatAllAsync([path], true, stage.Cancellation))[0];
        var isDirectory = status is { Succeeded: true, Value.Kind: FileKind.Directory };
        if (!isDirectory && count > 1)
            throw new CommandException($"{path}: is no directory, and {count} files cannot have one name");

        return new Destination(path, isDirectory);
    }

    /// <summary>What a file is called there.</summary>
    public ByteString PathOf(ByteString file) => IsDirectory ? Path.Join(PathArguments.LastPart(file)) : Path;
}
