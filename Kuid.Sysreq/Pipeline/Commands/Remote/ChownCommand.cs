using Kuid.Sysreq.Pipeline.Rows;
using Kuid.Sysreq.Pipeline.Values;
using Kuid.Sysreq.Remote;

namespace Kuid.Sysreq.Pipeline.Commands.Remote;

/// <summary><c>chown</c>: changes owners.</summary>
internal sealed class ChownCommand : Command
{
    /// <inheritdoc/>
    public override string Name => "chown";

    /// <inheritdoc/>
    public override CommandHelp Help { get; } = new()
    {
        Synopsis = "chown [-h] UID GID PATH...",
        Summary = "Changes the owner and the group of files.",
        Remarks = "UID and GID are numbers or names that the remote system has in /etc/passwd and /etc/group; a dash leaves one as it is.",
        Options = [("-h", "of a symbolic link itself, not of its target")],
        Examples = ["chown 0 0 /etc/motd", "chown www-data - /srv/www", "ls | where uid == 1000 | select name | xargs chown root root"],
    };

    /// <inheritdoc/>
    public override RowSource Bind(CommandCall call)
    {
        var arguments = new ArgumentReader(call, Help);
        if (arguments.Operands.Count < 3 && !call.AwaitsArguments)
            throw arguments.Refusal("needs UID, GID and at least one PATH");

        var user = Id(arguments, 0, "UID");
        var group = Id(arguments, 1, "GID");
        var paths = arguments.Paths(2);
        var followLinks = !arguments.Has("-h");
        return RemoteRows.None(this, async stage =>
        {
            var userId = await NumberAsync(stage, user, "/etc/passwd", "user");
            var groupId = await NumberAsync(stage, group, "/etc/group", "group");
            await stage.ForEachAsync(
                paths, path => stage.System.ChangeOwnerAsync(path, userId, groupId, followLinks, stage.Cancellation));
        });
    }

    private static Wanted Id(ArgumentReader arguments, int place, string name)
    {
        if (arguments.OperandAt(place) is not { } operand || ArgumentReader.Text(operand) is not { } text || text == "-")
            return default;

        // A number starts with a digit and a name does not; the highest number means no change to chown(2) and is nobody's.
        return text.Length > 0 && (char.IsAsciiDigit(text[0]) || text[0] == '-')
            ? new Wanted((uint)arguments.Integer(operand, name, 0, uint.MaxValue - 1), default, operand)
            : new Wanted(null, new ByteString(ValueText.BytesOf(operand.Value)), operand);
    }

    private static async Task<uint?> NumberAsync(RemoteStage stage, Wanted wanted, string file, string what)
    {
        if (wanted.Argument is not { } argument || wanted.Number is not null)
            return wanted.Number;

        var names = await AccountNames.ReadAsync(stage, file);
        return names.IdOf(wanted.Name) ?? throw new CommandException($"there is no {what} {wanted.Name} in {file}", argument.Span);
    }

    /// <param name="Argument">Where it was given; null when the owner stays as it is.</param>
    private readonly record struct Wanted(uint? Number, ByteString Name, Argument? Argument);
}
