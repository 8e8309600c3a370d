using Kuid.Sysreq.Pipeline.Rows;

namespace Kuid.Sysreq.Pipeline.Commands;

/// <summary>A command of the language.</summary>
public abstract class Command
{
    /// <summary>What is written to call it.</summary>
    public abstract string Name { get; }

    /// <summary>What it is for, for people: help, completion and the reference are made of it.</summary>
    public abstract CommandHelp Help { get; }

    /// <summary>
    /// Whether it leaves the connection as it was: its directory, descriptors, limits, and that it is there. A command that does not
    /// has a connection of its own among several stages.
    /// </summary>
    public virtual bool LeavesConnectionAlone => true;

    /// <summary>Checks the arguments and says which columns come of them. Nothing is asked of the remote system.</summary>
    /// <exception cref="CommandException">The arguments ask for what cannot be; it says what is allowed and where it stands.</exception>
    public abstract RowSource Bind(CommandCall call);
}
