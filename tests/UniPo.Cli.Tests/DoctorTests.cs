using System.Security.Cryptography;
using UniPo.Cli.Doctor;
using UniPo.Cli.Tests.Support;

namespace UniPo.Cli.Tests;

/// <summary><c>unipo doctor</c>.</summary>
public sealed class DoctorTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public DoctorTests()
    {
        foreach (var name in new[] { "UniPo", "UniPo.Interactive" })
        {
            Directory.CreateDirectory(_folder[$"src/{name}/obj"]);
            Write($"src/{name}/A.cs", "source", minutesAgo: 10);
            Write($"src/{name}/obj/B.cs", "made by a build", minutesAgo: 0);
        }
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task It_runs_on_this_machine_and_says_what_it_sees()
    {
        var call = await Call.Unipo("doctor");
        Assert.Equal(0, call.ExitCode);
        foreach (
            var subject in new[]
            {
                "✓ SDK: 10.",
                "runtime: .NET",
                "processor:",
                "vectors of",
                "UniPo: 0.2.0",
                "VS Code:",
                "✓ base model addition:",
                "Chromium:",
                "Node.js:",
                ".NET Interactive:",
                "Verso:",
                "Nothing blocks.",
            }
        )
            Assert.Contains(subject, call.Output);
    }

    [Theory]
    [InlineData(null, Severity.Blocks)]
    [InlineData("8.0.100", Severity.Blocks)]
    [InlineData("10.0.100", Severity.Fine)]
    [InlineData("11.0.100-preview.1", Severity.Fine)]
    internal void An_SDK_that_is_missing_or_too_old_blocks_and_has_a_fix(string? version, Severity severity)
    {
        var finding = MachineCheck.Sdk(version);
        Assert.Equal(severity, finding.Severity);
        Assert.Equal(severity == Severity.Blocks, finding.Fix is not null);
    }

    [Theory]
    [InlineData(null, Severity.Absent)]
    [InlineData("v18.1.0", Severity.Notice)]
    [InlineData("v20.19.0", Severity.Fine)]
    internal void Node_that_is_missing_or_too_old_has_a_fix_and_never_blocks(string? version, Severity severity)
    {
        var finding = ToolCheck.Node(version);
        Assert.Equal(severity, finding.Severity);
        Assert.Equal(severity != Severity.Fine, finding.Fix is not null);
    }

    [Fact]
    public void Chromium_that_is_missing_says_who_needs_it_and_how_to_get_it()
    {
        Assert.Contains("only ./test.sh and the gallery need it", ToolCheck.Browser(null).Value);
        Assert.Contains("UNIPO_CHROMIUM", ToolCheck.Browser(null).Fix);
        Assert.Equal("/a/chromium", ToolCheck.Browser("/a/chromium").Value);
    }

    [Fact]
    public void A_package_that_is_not_packed_is_a_notice_with_the_command() =>
        Assert.Equal("Pack, so that notebook hosts find it: dotnet pack -c Release", Find("package UniPo", Severity.Notice).Fix);

    [Fact]
    public void A_package_older_than_a_source_is_a_notice_that_names_the_source()
    {
        Pack(minutesAgo: 20);
        Assert.Contains("A.cs", Find("package UniPo", Severity.Notice).Value);
    }

    [Fact]
    public void A_package_newer_than_every_source_is_fine_whatever_a_build_left()
    {
        Pack(minutesAgo: 5);
        Find("package UniPo", Severity.Fine);
    }

    [Fact]
    public void A_cached_copy_that_is_not_the_packed_one_is_a_notice_that_says_what_to_delete()
    {
        Pack(minutesAgo: 5);
        Cache("other bytes");
        Assert.Equal($"Delete {_folder["cache/unipo/0.2.0"]}", Find("cache of UniPo", Severity.Notice).Fix);
    }

    [Fact]
    public void A_cached_copy_of_the_packed_one_is_fine()
    {
        Pack(minutesAgo: 5);
        Cache("packed");
        Find("cache of UniPo", Severity.Fine);
    }

    [Fact]
    public void Sources_that_are_switched_off_are_left_out() =>
        Assert.Equal(["https://a/index.json", "/b"], FeedCheck.Enabled("E https://a/index.json\nD https://off/\nE /b\n"));

    [Fact]
    public void A_tool_is_found_with_its_version() =>
        Assert.Equal(
            "1.0.7",
            HostCheck
                .Tool(
                    "Package Id   Version\n---\nmicrosoft.dotnet-interactive   1.0.7   dotnet-interactive\n",
                    ".NET Interactive",
                    "microsoft.dotnet-interactive"
                )
                .Value
        );

    private Finding Find(string subject, Severity severity)
    {
        var finding = new PackageCheck(_folder.Path, _folder["cache"]).Run().Single(f => f.Subject == subject);
        Assert.Equal(severity, finding.Severity);
        return finding;
    }

    private void Pack(int minutesAgo)
    {
        Directory.CreateDirectory(_folder["packages"]);
        Write("packages/UniPo.0.2.0.nupkg", "packed", minutesAgo);
    }

    private void Cache(string content)
    {
        Directory.CreateDirectory(_folder["cache/unipo/0.2.0"]);
        File.WriteAllText(
            _folder["cache/unipo/0.2.0/unipo.0.2.0.nupkg.sha512"],
            Convert.ToBase64String(SHA512.HashData(System.Text.Encoding.UTF8.GetBytes(content)))
        );
    }

    private void Write(string name, string content, int minutesAgo)
    {
        File.WriteAllText(_folder[name], content);
        File.SetLastWriteTimeUtc(_folder[name], DateTime.UtcNow.AddMinutes(-minutesAgo));
    }
}
