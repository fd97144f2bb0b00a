using System.Runtime.InteropServices;
using System.Text;

namespace UniPo.Torch;

/// <summary>The versions of other libraries that an ELF64 library says it needs (its section <c>.gnu.version_r</c>).</summary>
/// <remarks>Layout: Linux Standard Base, "Symbol Versioning"; one entry a library, under it one auxiliary entry a version.</remarks>
internal static class VersionNeeds
{
    private const uint NeedsSection = 0x6ffffffe; // SHT_GNU_verneed
    private const byte Weak = 2; // VER_FLG_WEAK

    /// <summary>Marks a needed version as weak, so that a loader goes on without it.</summary>
    /// <param name="elf">The whole file; changed by one bit.</param>
    /// <param name="version">The version's name.</param>
    /// <returns>False when the file needs no such version.</returns>
    public static bool MarkWeak(Span<byte> elf, string version)
    {
        var sections = Long(elf, 0x28);
        var (size, count) = (Short(elf, 0x3A), Short(elf, 0x3C));
        for (var s = 0; s < count; s++)
        {
            var section = sections + (s * size);
            if (Word(elf, section + 4) != NeedsSection)
                continue;
            var names = Long(elf, sections + ((int)Word(elf, section + 0x28) * size) + 0x18);
            if (Find(elf, Long(elf, section + 0x18), (int)Word(elf, section + 0x2C), names, version) is not { } found)
                continue;
            elf[found + 4] |= Weak;
            return true;
        }
        return false;
    }

    /// <summary>Where the auxiliary entry of this version lies.</summary>
    private static int? Find(ReadOnlySpan<byte> elf, int entry, int libraries, int names, string version)
    {
        var wanted = Encoding.ASCII.GetBytes(version + "\0");
        for (var library = 0; library < libraries; library++, entry += (int)Word(elf, entry + 12))
        {
            var auxiliary = entry + (int)Word(elf, entry + 8);
            for (var left = Short(elf, entry + 2); left > 0; left--, auxiliary += (int)Word(elf, auxiliary + 12))
                if (elf[(names + (int)Word(elf, auxiliary + 8))..].StartsWith(wanted))
                    return auxiliary;
        }
        return null;
    }

    private static int Long(ReadOnlySpan<byte> elf, int at) => checked((int)MemoryMarshal.Read<long>(elf[at..]));

    private static uint Word(ReadOnlySpan<byte> elf, int at) => MemoryMarshal.Read<uint>(elf[at..]);

    private static ushort Short(ReadOnlySpan<byte> elf, int at) => MemoryMarshal.Read<ushort>(elf[at..]);
}
