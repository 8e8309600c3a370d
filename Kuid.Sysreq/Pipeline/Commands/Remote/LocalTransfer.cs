using Kuid.Sysreq.Remote;

namespace Kuid.Sysreq.Pipeline.Commands.Remote;

/// <summary>What upload and download have in common: files of whoever calls.</summary>
internal static class LocalTransfer
{
    /// <summary>How much of a file is moved at once.</summary>
    public const int ChunkLength = 256 * 1024;

    /// <summary>A path of the caller's, which .NET has as text.</summary>
    public static string Path(ArgumentReader reader, Argument argument)
    {
        var bytes = reader.Path(argument);
        if (bytes.IsEmpty)
            throw reader.Refusal("a file of yours has a name", argument);

        return bytes.TryDecode() ?? throw reader.Refusal($"a file of yours has a name in UTF-8: {bytes}", argument);
    }

    /// <summary>Does it, if the host program permits it; what is wrong with the local file ends the command.</summary>
    public static async Task DoAsync(RemoteStage stage, string path, Func<ILocalFiles, Task> transfer)
    {
        if (stage.Context.LocalFiles is not { } files)
            throw new CommandException("there are no files of yours here: only a program that runs as you, such as kuid eval, copies them");

        try
        {
            await transfer(files);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new CommandException($"{new ByteString(path)} (yours): no such file or directory", errno: Errno.ENOENT.Name);
        }
        catch (UnauthorizedAccessException)
        {
            throw new CommandException($"{new ByteString(path)} (yours): permission denied", errno: Errno.EACCES.Name);
        }
        catch (IOException error) when (error is not (ConnectionLostException or AbsurdReplyException))
        {
            throw new CommandException($"{new ByteString(path)} (yours): {error.Message}");
        }
    }
}
