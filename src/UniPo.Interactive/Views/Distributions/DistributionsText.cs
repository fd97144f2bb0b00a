namespace UniPo.Interactive;

/// <summary>Writes distributions as text: one line of blocks for each histogram.</summary>
internal sealed class DistributionsText(DistributionsContent content, TextPage page)
{
    public void Write()
    {
        page.Line($"{content.Title} ({content.Size})");
        if (content.Panels.Count == 0)
            page.Line("This batch holds no tokens that count, so there is nothing to draw.");
        foreach (var panel in content.Panels)
        {
            page.Line().Line($"{panel.Name}{(panel.Unit.Length > 0 ? $" ({panel.Unit})" : "")}: {panel.Summary}");
            var names = panel.Series.Max(s => VisibleText.Width(s.Name));
            foreach (var (name, counts) in panel.Series)
                page.Line(
                    $"  {name.PadRight(names)}  {Sparkline.Of([.. counts.Select(c => (double)c)], counts.Length)}  {counts.Sum()}"
                );
            if (panel.Bounds.Count > 0)
                page.Line($"  bounds: {string.Join(", ", panel.Bounds.Select(b => b.Label))}");
        }
        page.Line();
        foreach (var note in content.Notes())
            page.Line(note);
    }
}
