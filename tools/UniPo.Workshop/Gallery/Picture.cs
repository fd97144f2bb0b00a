using UniPo.Interactive;

namespace UniPo.Workshop.Gallery;

/// <summary>A view of the gallery: a page, and its picture in light and dark.</summary>
/// <param name="Name">Name of its files.</param>
/// <param name="Title">What it is, in a few words.</param>
/// <param name="Says">What it shows, in a sentence that can stand for the picture.</param>
/// <param name="Code">The line of a notebook that gives it.</param>
/// <param name="View">Makes it.</param>
internal sealed record Picture(string Name, string Title, string Says, string Code, Func<View> View)
{
    /// <summary>Width of the window, in CSS pixels.</summary>
    public int Width { get; init; } = 1000;

    /// <summary>Most of its height that is in the picture, in CSS pixels.</summary>
    public int Height { get; init; } = 1400;

    /// <summary>What a reader does first, as a script; empty for nothing.</summary>
    public string Before { get; init; } = "";
}
