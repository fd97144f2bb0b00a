using System.Diagnostics;

namespace UniPo.Tests.Files;

/// <summary>Files are written completely or not at all, and nowhere they were not meant to go.</summary>
public sealed class AtomicFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("unipo-files-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string this[string name] => Path.Combine(_folder, name);

    private string[] Names() =>
        [.. Directory.EnumerateFileSystemEntries(_folder).Select(n => Path.GetFileName(n)!).Order(StringComparer.Ordinal)];

    [Fact]
    public void A_text_is_written_into_folders_that_are_missing()
    {
        AtomicFile.Write(this["a/b/c.txt"], overwrite: false, "héllo");
        Assert.Equal("héllo"u8.ToArray(), File.ReadAllBytes(this["a/b/c.txt"]));
        Assert.Single(Directory.GetFileSystemEntries(this["a/b"]));
    }

    [Fact]
    public void A_writer_that_fails_half_way_leaves_the_good_file_and_nothing_else()
    {
        File.WriteAllText(this["good.txt"], "good");

        Assert.Throws<InvalidOperationException>(() =>
            AtomicFile.Write(
                this["good.txt"],
                overwrite: true,
                stream =>
                {
                    stream.Write("half"u8);
                    throw new InvalidOperationException("power cut");
                }
            )
        );

        Assert.Equal("good", File.ReadAllText(this["good.txt"]));
        Assert.Equal(["good.txt"], Names());
    }

    [Fact]
    public void A_file_that_exists_is_replaced_only_when_asked()
    {
        File.WriteAllText(this["good.txt"], "good");
        var fault = Assert.Throws<IOException>(() => AtomicFile.Write(this["good.txt"], overwrite: false, "new"));
        Assert.Contains("this file exists and is not replaced", fault.Message);
        Assert.Equal("good", File.ReadAllText(this["good.txt"]));

        AtomicFile.Write(this["good.txt"], overwrite: true, "new");
        Assert.Equal("new", File.ReadAllText(this["good.txt"]));
    }

    [Fact]
    public void A_link_is_not_followed_and_not_replaced()
    {
        File.WriteAllText(this["original.txt"], "original");
        File.CreateSymbolicLink(this["link.txt"], "original.txt");
        File.CreateSymbolicLink(this["dangling.txt"], "nowhere.txt");

        foreach (var link in new[] { "link.txt", "dangling.txt" })
            Assert.Contains(
                "this is a link to",
                Assert.Throws<IOException>(() => AtomicFile.Write(this[link], overwrite: true, "x")).Message
            );

        Assert.Equal("original", File.ReadAllText(this["original.txt"]));
        Assert.Equal(["dangling.txt", "link.txt", "original.txt"], Names());
    }

    [Fact]
    public void Pipes_and_devices_are_refused_at_once()
    {
        if (OperatingSystem.IsWindows())
            return;
        using (var make = Process.Start("mkfifo", this["pipe"]))
            make.WaitForExit();
        foreach (var path in new[] { this["pipe"], "/dev/null" })
            Assert.Contains("a pipe, a socket or a device", FilePlace.Fault(path, overwrite: true));
        File.WriteAllText(this["empty.txt"], "");
        Assert.Null(FilePlace.Fault(this["empty.txt"], overwrite: true));
    }

    [Theory]
    [InlineData("", "A file name is empty")]
    [InlineData("  ", "A file name is empty")]
    [InlineData("a\0b", "U+0000")]
    [InlineData("folder/", "this is a folder")]
    [InlineData("file.txt/x.txt", "is no folder")]
    public void A_path_that_cannot_be_written_says_why_before_anything_is_done(string name, string reason)
    {
        File.WriteAllText(this["file.txt"], "");
        Assert.Contains(reason, FilePlace.Fault(name.Trim().Length == 0 ? name : this[name], overwrite: true));
        Assert.Equal(["file.txt"], Names());
    }

    [Fact]
    public void What_a_killed_writer_left_is_cleaned_and_what_is_being_written_stays()
    {
        var left = FilePlace.Beside(this["run.txt"]);
        File.WriteAllText(left, "torn");
        var busy = FilePlace.Beside(this["run.txt"]);
        using (var other = new FileStream(busy, FileMode.CreateNew, FileAccess.Write, FileShare.Delete))
        {
            AtomicFile.Write(this["run.txt"], overwrite: false, "whole");
            Assert.False(File.Exists(left));
            Assert.True(File.Exists(busy));
        }
    }

    [Fact]
    public void Two_names_of_one_file_are_told_by_its_real_path()
    {
        Directory.CreateDirectory(this["notebooks/deep"]);
        Directory.CreateSymbolicLink(this["out"], this["notebooks"]);
        Directory.CreateSymbolicLink(this["notebooks/deep/up"], "..");
        Directory.CreateSymbolicLink(this["circle"], this["circle"]);
        Assert.Equal(FilePlace.Real(this["notebooks/a.ipynb"]), FilePlace.Real(this["out/deep/up/a.ipynb"]));
        Assert.EndsWith("circle", FilePlace.Real(this["circle"]));
    }

    [Fact]
    public void A_name_of_the_greatest_length_is_written()
    {
        var path = this[new string('n', 250)];
        AtomicFile.Write(path, overwrite: false, "x");
        Assert.True(File.Exists(path));
    }

    [Fact]
    public void Permissions_of_a_replaced_file_stay()
    {
        if (OperatingSystem.IsWindows())
            return;
        File.WriteAllText(this["mine.txt"], "1");
        File.SetUnixFileMode(this["mine.txt"], UnixFileMode.UserRead | UnixFileMode.UserWrite);
        AtomicFile.Write(this["mine.txt"], overwrite: true, "2");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(this["mine.txt"]));
    }
}
