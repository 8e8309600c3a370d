using System.Globalization;

namespace Kuid.TestChild.Verbs;

/// <summary>Exits with the code it is given.</summary>
internal static class Exit
{
    internal static int Run(string code) => int.Parse(code, CultureInfo.InvariantCulture);
}
