using System.Globalization;

namespace Kuid.TestChild.Verbs;

/// <summary>
/// Does what each line of its input says, at once: <c>stdout TEXT</c> and <c>stderr TEXT</c> write the text, <c>exit CODE</c>
/// exits. So a test decides the order of the pieces and when each of them comes.
/// </summary>
internal static class Pieces
{
    internal static int Run()
    {
        Standard.Output.Say("ready");
        while (Console.In.ReadLine() is { } line)
        {
            switch (line.Split(' ', 2))
            {
                case ["exit", var code]:
                    return int.Parse(code, CultureInfo.InvariantCulture);
                case [var stream, var text]:
                    Standard.Of(stream).Write(System.Text.Encoding.UTF8.GetBytes(text));
                    break;
                default:
                    return 65;
            }
        }

        return 0;
    }
}
