namespace Kuid.Sysreq.Pipeline.Values;

/// <summary>Types and permissions of files in the look of <c>ls -l</c>: <c>drwxr-xr-x</c>. The numbers are those of <c>sys/stat.h</c>.</summary>
public static class ModeText
{
    /// <summary>The bits that are permissions: read, write, execute, setuid, setgid and sticky.</summary>
    public const uint Permissions = 0xFFF;

    private const string Letters = "rwxrwxrwx";

    private static readonly (char Letter, uint Type)[] Types =
    [
        ('s', 0xC000), ('l', 0xA000), ('-', 0x8000), ('b', 0x6000), ('d', 0x4000), ('c', 0x2000), ('p', 0x1000), ('?', 0),
    ];

    // Setuid, setgid and sticky stand in the place of an x: small when that is set too.
    private static readonly (int Place, uint Bit, char Set, char Alone)[] Specials =
    [
        (2, 0x800, 's', 'S'), (5, 0x400, 's', 'S'), (8, 0x200, 't', 'T'),
    ];

    /// <summary>The letter of the type and nine of permissions; the type <c>?</c> for none.</summary>
    public static string Of(uint mode) => string.Create(10, mode, static (text, bits) =>
    {
        text[0] = '?';
        foreach ((char letter, uint type) in Types)
        {
            if ((bits & 0xF000) == type)
                text[0] = letter;
        }

        for (int place = 0; place < Letters.Length; place++)
            text[place + 1] = (bits & (0x100u >> place)) != 0 ? Letters[place] : '-';

        foreach ((int place, uint bit, char set, char alone) in Specials)
        {
            if ((bits & bit) != 0)
                text[place + 1] = text[place + 1] == 'x' ? set : alone;
        }
    });

    /// <summary>Reads octal digits, nine letters of permissions, or these with the type's letter before.</summary>
    public static bool TryParse(string text, out uint mode)
    {
        mode = 0;
        return text.Length switch
        {
            9 => TryParseLetters("?" + text, out mode),
            10 => TryParseLetters(text, out mode),
            _ => TryParseOctal(text, out mode),
        };
    }

    private static bool TryParseOctal(string text, out uint mode)
    {
        mode = 0;
        foreach (char digit in text)
        {
            if (digit is < '0' or > '7')
                return false;

            mode = (mode << 3) | (uint)(digit - '0');
        }

        return text.Length is > 0 and <= 7 && mode <= 0xFFFF;
    }

    // Every mode has one look, so a look is read by comparing: what the letters say is printed again.
    private static bool TryParseLetters(string text, out uint mode)
    {
        mode = 0;
        foreach ((char letter, uint type) in Types)
            mode |= text[0] == letter ? type : 0;

        for (int place = 0; place < Letters.Length; place++)
            mode |= text[place + 1] is 'r' or 'w' or 'x' or 's' or 't' ? 0x100u >> place : 0;

        foreach ((int place, uint bit, char set, char alone) in Specials)
            mode |= text[place + 1] == set || text[place + 1] == alone ? bit : 0;

        return Of(mode) == text;
    }

    /// <summary>Permissions in octal with a leading 0: <c>0644</c>.</summary>
    public static string Octal(uint mode) => "0" + Convert.ToString((int)(mode & Permissions), 8).PadLeft(3, '0');
}
