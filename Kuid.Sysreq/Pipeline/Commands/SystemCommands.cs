using Kuid.Sysreq.Pipeline.Commands.Remote;

namespace Kuid.Sysreq.Pipeline.Commands;

/// <summary>The commands that ask the remote system.</summary>
public static class SystemCommands
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<Command> All { get; } =
    [
        new CatCommand(), new ChmodCommand(), new ChownCommand(), new ChrootCommand(), new CmpCommand(), new DateCommand(),
        new DfCommand(), new DmesgCommand(), new DownloadCommand(), new FreeCommand(), new HexdumpCommand(),
        new HostnameCommand(), new IdCommand(), new KillCommand(), new LnCommand(), new LsCommand(), new LsofCommand(),
        new MkdirCommand(), new MountsCommand(), new MvCommand(), new NetstatCommand(), new PsCommand(), new PstatCommand(),
        new ReadlinkCommand(), new RmCommand(), new RunCommand(), new StatCommand(), new SysCommand(), new TeeCommand(),
        new TouchCommand(), new UlimitCommand(), new UnameCommand(), new UploadCommand(), new UptimeCommand(), new WriteCommand(),
    ];
}
