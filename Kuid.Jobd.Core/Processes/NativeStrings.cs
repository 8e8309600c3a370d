using System.Runtime.InteropServices;

namespace Kuid.Jobd.Core.Processes;

/// <summary>
/// A NULL-terminated array of NUL-terminated byte strings, as exec wants argv and envp, in one block of native memory.
/// It owns the block.
/// </summary>
internal sealed unsafe class NativeStrings : SafeHandle
{
    /// <summary>Copies the strings; none may contain a NUL.</summary>
    internal NativeStrings(IReadOnlyList<byte[]> strings)
        : base(0, ownsHandle: true)
    {
        int pointers = (strings.Count + 1) * sizeof(byte*);
        int size = pointers;
        foreach (byte[] s in strings)
        {
            size += s.Length + 1;
        }

        byte* block = (byte*)NativeMemory.Alloc((nuint)size);
        SetHandle((nint)block);

        byte** pointer = (byte**)block;
        byte* text = block + pointers;
        foreach (byte[] s in strings)
        {
            s.CopyTo(new Span<byte>(text, s.Length));
            text[s.Length] = 0;
            *pointer++ = text;
            text += s.Length + 1;
        }

        *pointer = null;
    }

    public override bool IsInvalid => handle == 0;

    internal byte** Pointer => (byte**)handle;

    protected override bool ReleaseHandle()
    {
        NativeMemory.Free((void*)handle);
        return true;
    }
}
