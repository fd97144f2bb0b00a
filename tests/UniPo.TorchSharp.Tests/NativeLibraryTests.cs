using UniPo.Torch;
using Xunit.Abstractions;

namespace UniPo.TorchSharp.Tests;

public class NativeLibraryTests(ITestOutputHelper output)
{
    [TorchFact]
    public void It_loads_here_and_what_had_to_be_done_for_it_is_said()
    {
        LibTorch.Require();
        output.WriteLine(LibTorch.Note ?? "libtorch loaded as it is.");
        if (LibTorch.Note is { } note)
            Assert.Contains("GLIBCXX_3.4.32", note);
    }

    [Fact]
    public void One_bit_of_one_version_is_changed_and_nothing_else()
    {
        if (!OperatingSystem.IsLinux())
            return;
        // Any ELF library does; the runtime's own asks for versions of the C library.
        var library = Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "libSystem.Native.so");
        var before = File.ReadAllBytes(library);
        var after = before.ToArray();
        Assert.False(VersionNeeds.MarkWeak(after, "GLIBC_9.9"));
        Assert.Equal(before, after);
        Assert.True(VersionNeeds.MarkWeak(after, "GLIBC_2.2.5") || VersionNeeds.MarkWeak(after, "GLIBC_2.17"));
        var changed = Enumerable.Range(0, before.Length).Where(i => before[i] != after[i]).ToArray();
        Assert.Single(changed);
        Assert.Equal(2, before[changed[0]] ^ after[changed[0]]);
    }
}
