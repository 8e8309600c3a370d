namespace Kuid.Sysreq.Tests.Grammar;

/// <summary>Texts that tests are held against.</summary>
internal static class Resources
{
    internal static string Read(string name)
    {
        using Stream stream = typeof(Resources).Assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
