using System.IO.Compression;
using System.Xml.Linq;

namespace UniPo.Packages.Tests;

/// <summary>What is in the packages.</summary>
[Collection(Packed.Name)]
public sealed class PackageTests(PackedFeed feed)
{
    // Names that the packer draws anew each time, and the times of the files.
    private static readonly string[] _drawn = [".psmdcp", "_rels/.rels"];

    public static TheoryData<string> Libraries => [.. PackedFeed.Packages];

    [Theory]
    [MemberData(nameof(Libraries))]
    public void A_package_says_what_it_is_and_under_which_terms(string name)
    {
        using var package = Open(name);
        using var nuspec = package.GetEntry(name + ".nuspec")!.Open();
        var metadata = XDocument.Load(nuspec).Root!.Elements().Single();
        string Value(string element) => metadata.Elements().Single(e => e.Name.LocalName == element).Value;
        Assert.Equal("MIT", Value("license"));
        Assert.Contains("language-model", Value("tags"));
        Assert.InRange(Value("description").Length, 40, 400);
        Assert.All([Value("readme"), Value("icon"), "THIRD-PARTY-NOTICES.md"], file => Assert.NotNull(package.GetEntry(file)));
    }

    [Fact]
    public void The_base_models_are_there_once()
    {
        var sizes = PackedFeed.Packages.ToDictionary(n => n, n => new FileInfo(Path(n)).Length);
        var weights = Directory
            .GetFiles(System.IO.Path.Combine(PackedFeed.Repository, "data", "checkpoints"))
            .Sum(f => new FileInfo(f).Length);
        Assert.InRange(sizes["UniPo.BaseModels"], weights / 2, weights + 100_000);
        Assert.InRange(sizes["UniPo"], 100_000, 1_500_000);
    }

    [Fact]
    public void Symbols_are_packed_beside_the_library()
    {
        using var symbols = ZipFile.OpenRead(System.IO.Path.Combine(feed.Feed, $"UniPo.{PackedFeed.Version}.snupkg"));
        Assert.Equal(
            ["lib/net10.0/UniPo.pdb", "lib/net8.0/UniPo.pdb"],
            symbols.Entries.Select(e => e.FullName).Where(n => n.EndsWith(".pdb", StringComparison.Ordinal)).Order()
        );
    }

    [Fact]
    public async Task Packing_twice_gives_the_same_bytes()
    {
        var again = feed.BareFolder("again");
        await PackedFeed.Pack("UniPo", again);
        using var first = Open("UniPo");
        using var second = ZipFile.OpenRead(System.IO.Path.Combine(again, $"UniPo.{PackedFeed.Version}.nupkg"));
        var same = first.Entries.Where(e => !_drawn.Any(e.FullName.EndsWith)).ToList();
        Assert.NotEmpty(same);
        Assert.All(same, entry => Assert.Equal(Bytes(entry), Bytes(second.GetEntry(entry.FullName)!)));
    }

    [Fact]
    public void No_library_remembers_the_folder_in_which_it_was_built()
    {
        using var package = Open("UniPo");
        foreach (var library in package.Entries.Where(e => e.FullName.EndsWith(".dll", StringComparison.Ordinal)))
            Assert.DoesNotContain(
                PackedFeed.Repository.TrimEnd('/', '\\') + "/src",
                System.Text.Encoding.UTF8.GetString(Bytes(library)),
                StringComparison.Ordinal
            );
    }

    private string Path(string name) => System.IO.Path.Combine(feed.Feed, $"{name}.{PackedFeed.Version}.nupkg");

    private ZipArchive Open(string name) => ZipFile.OpenRead(Path(name));

    private static byte[] Bytes(ZipArchiveEntry entry)
    {
        using var stream = entry.Open();
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }
}
