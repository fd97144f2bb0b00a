using Plotly.NET;
using UniPo.Interactive;

namespace UniPo.Plotly;

/// <summary>UniPo's charts as charts of Plotly.NET: to restyle, to combine, to export.</summary>
/// <example><code>
/// var chart = run.Curves().ToPlotly();                                       // a GenericChart
/// chart.Offline()                                                            // shown in a notebook, without a network
/// Chart.SavePng("curves", EngineType: null).Invoke(chart)                    // with Plotly.NET.ImageExport
/// </code></example>
public static class PlotlyExtensions
{
    /// <summary>Learning curves: one panel a metric, a band where several seeds spread.</summary>
    public static GenericChart ToPlotly(this LearningCurves curves)
    {
        ArgumentNullException.ThrowIfNull(curves);
        return ChartReader.Read(curves.ToPlotlyJson());
    }

    /// <summary>The curves of compared runs.</summary>
    public static GenericChart ToPlotly(this ComparedRuns runs)
    {
        ArgumentNullException.ThrowIfNull(runs);
        return new LearningCurves(runs.Runs) { Metrics = runs.Metrics }.ToPlotly();
    }

    /// <summary>What each algorithm of a comparison reached, with its 95 % interval over the seeds.</summary>
    public static GenericChart ToPlotly(this Comparison comparison)
    {
        ArgumentNullException.ThrowIfNull(comparison);
        return ChartReader.Read(Figures.Of(comparison).ToJsonString());
    }

    /// <summary>A token's term against its ratio, and the tokens of the batch.</summary>
    /// <exception cref="ArgumentException">The objective has no trust region to draw.</exception>
    public static GenericChart ToPlotly(this ClipPlot plot)
    {
        ArgumentNullException.ThrowIfNull(plot);
        return ChartReader.Read(Figures.Of(plot).ToJsonString());
    }

    /// <summary>Histograms of ratio, advantage, KL and response length.</summary>
    public static GenericChart ToPlotly(this Distributions distributions)
    {
        ArgumentNullException.ThrowIfNull(distributions);
        return ChartReader.Read(Figures.Of(distributions).ToJsonString());
    }

    /// <summary>Lines over numbers computed in a cell.</summary>
    public static GenericChart ToPlotly(this LineChart chart)
    {
        ArgumentNullException.ThrowIfNull(chart);
        return ChartReader.Read(Figures.Of(chart).ToJsonString());
    }

    /// <summary>A view of any chart of Plotly.NET that draws in every notebook host without a network.</summary>
    public static PlotlyView Offline(this GenericChart chart) => new(chart);
}
