using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Security;
using System.Security.Cryptography;
using System.Text;

namespace UniPo.Cli.Hosting;

/// <summary>Gets packages by an ordinary <c>dotnet restore</c> of a project made for the purpose.</summary>
/// <param name="notebookFolder">Where the search for <c>nuget.config</c> starts.</param>
/// <param name="feeds">Further package sources.</param>
internal sealed class PackageRestore(string notebookFolder, IReadOnlyList<string> feeds)
{
    /// <summary>The framework packages are chosen for: the one this program runs on.</summary>
    private static readonly string _framework = $"net{Environment.Version.Major}.0";

    /// <summary>Restores these packages with everything they need.</summary>
    /// <exception cref="CellFaultException">A package cannot be had; the message is the restore's own.</exception>
    public async Task<PackageAssets> Run(IReadOnlyList<PackageRequest> packages)
    {
        var project = ProjectText(packages);
        var key = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(project + notebookFolder)))[..16];
        var folder = Path.Combine(
            Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.Create),
            "unipo",
            "restore",
            key
        );
        var assets = Path.Combine(folder, "obj", "project.assets.json");
        var fixedVersions = packages.All(p => p.Version is { } v && !v.Contains('*', StringComparison.Ordinal));
        if (fixedVersions && PackageAssets.TryRead(assets, _framework) is { } known)
            return known;

        Directory.CreateDirectory(folder);
        var file = Path.Combine(folder, "cells.csproj");
        await File.WriteAllTextAsync(file, project);
        try
        {
            await Restore(file);
        }
        catch (CellFaultException)
        {
            File.Delete(assets); // a restore that failed leaves a list, too; the next run must not believe it
            throw;
        }
        return PackageAssets.TryRead(assets, _framework)
            ?? throw new CellFaultException($"The restore of {Names(packages)} left no list of files behind.");
    }

    private async Task Restore(string project)
    {
        var start = new ProcessStartInfo(DotNetHost.Path)
        {
            ArgumentList = { "restore", project, "-v:q", "--nologo", $"-p:RestoreRootConfigDirectory={notebookFolder}" },
            WorkingDirectory = Path.GetDirectoryName(project),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var text = await process.StandardOutput.ReadToEndAsync() + await errors;
        await process.WaitForExitAsync();
        if (process.ExitCode == 0)
            return;

        // Each fault is told once, without the path of the project nobody knows.
        var faults = text.Split('\n')
            .Where(l => l.Contains("error", StringComparison.Ordinal))
            .Select(l => Shorten(l, project))
            .Distinct()
            .ToList();
        throw new CellFaultException(faults.FirstOrDefault() ?? "The packages could not be restored.", faults);
    }

    private static string Shorten(string line, string project)
    {
        var text = line.Replace($"[{project}]", "", StringComparison.Ordinal).Trim();
        return text.StartsWith(project, StringComparison.Ordinal) ? text[project.Length..].TrimStart(' ', ':') : text;
    }

    private string ProjectText(IReadOnlyList<PackageRequest> packages)
    {
        var lines = packages.Select(p =>
            $"""    <PackageReference Include="{p.Name}" Version="{SecurityElement.Escape(p.Version ?? "*")}" />"""
        );
        return $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>{_framework}</TargetFramework>
                <RuntimeIdentifiers>{RuntimeInformation.RuntimeIdentifier}</RuntimeIdentifiers>
                <RestoreAdditionalProjectSources>{SecurityElement.Escape(
                string.Join(';', feeds)
            )}</RestoreAdditionalProjectSources>
                <ManagePackageVersionsCentrally>false</ManagePackageVersionsCentrally>
                <UseAppHost>false</UseAppHost>
                <EnableAppHostPackDownload>false</EnableAppHostPackDownload>
                <EnableRuntimePackDownload>false</EnableRuntimePackDownload>
                <EnableTargetingPackDownload>false</EnableTargetingPackDownload>
              </PropertyGroup>
              <ItemGroup>
            {string.Join('\n', lines)}
              </ItemGroup>
            </Project>
            """;
    }

    private static string Names(IEnumerable<PackageRequest> packages) => string.Join(", ", packages.Select(p => p.Name));
}
