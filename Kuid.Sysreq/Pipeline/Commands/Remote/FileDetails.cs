using Kuid.Sysreq.Pipeline.Values;
using Kuid.Sysreq.Remote;

namespace Kuid.Sysreq.Pipeline.Commands.Remote;

/// <summary>A file that a command has a row for.</summary>
/// <param name="Path">How it is reached.</param>
/// <param name="Kind">Its type as far as it is known.</param>
/// <param name="Status">What is known of it already; null when it has not been asked.</param>
internal readonly record struct FileOfRow(ByteString Path, FileKind Kind, FileStatus? Status = null);

/// <summary>
/// The columns on demand of files, fetched for a whole batch at once and only as far as they were asked for: statuses in one go,
/// targets of links in one, the names of users and groups once.
/// </summary>
internal sealed class FileDetails(RemoteStage stage)
{
    private AccountNames? _users;
    private AccountNames? _groups;

    /// <summary>Whether anything has to be fetched.</summary>
    public bool Wanted => stage.Demanded.Count > 0;

    private bool WantsStatus => stage.Demanded.Any(name => FileColumns.IsOfStatus(name) || name is "user" or "group" or "dtype");

    /// <summary>Puts the columns that were demanded behind the shown ones, row by row.</summary>
    /// <param name="rows">As long as they have to be in the end; what is shown is there.</param>
    /// <param name="followLinks">Whether a link's status is that of its target.</param>
    public async Task FillAsync(IReadOnlyList<FileOfRow> files, IReadOnlyList<Value[]> rows, int shown, bool followLinks)
    {
        var statuses = await StatusesAsync(files, followLinks);
        var targets = stage.Demands("target") ? await TargetsAsync(files) : [];
        _users ??= stage.Demands("user") ? await AccountNames.ReadAsync(stage, "/etc/passwd") : null;
        _groups ??= stage.Demands("group") ? await AccountNames.ReadAsync(stage, "/etc/group") : null;
        for (var index = 0; index < files.Count; index++)
        {
            for (var place = 0; place < stage.Demanded.Count; place++)
            {
                rows[index][shown + place] = stage.Demanded[place] switch
                {
                    "path" or "name" => FileColumns.Name(files[index].Path),
                    "target" => targets[index],
                    var name => statuses[index].Error is { } error
                        ? Error(files[index].Path, error)
                        : OfStatus(name, statuses[index].Value),
                };
            }
        }
    }

    private Value OfStatus(string name, FileStatus status) => name switch
    {
        "user" => _users!.NameOf(status.UserId),
        "group" => _groups!.NameOf(status.GroupId),
        "dtype" => FileColumns.TypeValue(status.Kind),
        _ => FileColumns.Of(name, status) ?? NullValue.Instance,
    };

    private async Task<IReadOnlyList<Outcome<FileStatus>>> StatusesAsync(IReadOnlyList<FileOfRow> files, bool followLinks)
    {
        if (WantsStatus && files.Any(file => file.Status is null))
            return await stage.System.StatAllAsync([.. files.Select(file => file.Path)], followLinks, stage.Cancellation);

        return [.. files.Select(file => new Outcome<FileStatus>(file.Status!))];
    }

    private async Task<Value[]> TargetsAsync(IReadOnlyList<FileOfRow> files)
    {
        var targets = new Value[files.Count];
        Array.Fill(targets, NullValue.Instance);
        var links = Enumerable.Range(0, files.Count).Where(index => files[index].Kind is FileKind.SymbolicLink or FileKind.Unknown).ToList();
        var found = await stage.System.ReadLinkAllAsync([.. links.Select(index => files[index].Path)], stage.Cancellation);
        for (var place = 0; place < links.Count; place++)
        {
            var index = links[place];
            targets[index] = found[place].Error switch
            {
                null => FileColumns.Name(found[place].Value),
                // A file whose type was not known is no link after all.
                { } error when error.Error == Errno.EINVAL => NullValue.Instance,
                { } error => Error(files[index].Path, error),
            };
        }

        return targets;
    }

    private ErrorValue Error(ByteString path, SysreqException error) =>
        new(stage.Command, $"{path}: {error.Error.Text}", error.ErrnoName);
}
