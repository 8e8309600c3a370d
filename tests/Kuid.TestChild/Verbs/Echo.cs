namespace Kuid.TestChild.Verbs;

/// <summary>Copies its input to its output, byte for byte, to the end.</summary>
internal static class Echo
{
    internal static int Run()
    {
        using Stream input = Console.OpenStandardInput();
        byte[] buffer = new byte[64 * 1024];
        int n;
        while ((n = input.Read(buffer)) > 0)
        {
            Standard.Output.Write(buffer.AsSpan(0, n));
        }

        return 0;
    }
}
