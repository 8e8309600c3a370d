namespace Kuid.Cli.Services;

/// <summary>A line of the services file that is wrong.</summary>
/// <param name="line">Its number, from 1; 0 when it is not about one line.</param>
/// <param name="text">The line.</param>
/// <param name="why">What is wrong with it and what is allowed.</param>
internal sealed class ServicesFileException(int line, string text, string why) : Exception(line == 0 ? why : $"{line}: \"{text}\": {why}");
