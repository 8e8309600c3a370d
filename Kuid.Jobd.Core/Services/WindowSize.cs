namespace Kuid.Jobd.Core.Services;

/// <summary>The size of a terminal, in the order of struct winsize (ioctl_tty(2)).</summary>
/// <param name="Rows">In characters.</param>
/// <param name="Columns">In characters.</param>
/// <param name="PixelWidth">0 where it is not known.</param>
/// <param name="PixelHeight">0 where it is not known.</param>
public readonly record struct WindowSize(ushort Rows, ushort Columns, ushort PixelWidth = 0, ushort PixelHeight = 0);
