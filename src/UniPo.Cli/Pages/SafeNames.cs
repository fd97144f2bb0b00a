using System.Text.RegularExpressions;

namespace UniPo.Cli.Pages;

/// <summary>What may stand in HTML of others: names of elements and attributes, and addresses.</summary>
internal static partial class SafeNames
{
    /// <summary>Elements of text, tables, drawings (SVG) and formulas (MathML); none of them acts or loads.</summary>
    public static IReadOnlyList<string> Elements { get; } =
    [
        .. Words("a abbr b bdi blockquote br caption cite code col colgroup dd del details dfn div dl dt em figcaption figure"),
        .. Words("h1 h2 h3 h4 h5 h6 hr i img input ins kbd li mark ol p pre q s samp section small span strong sub summary sup"),
        .. Words("table tbody td tfoot th thead time tr u ul var wbr"),
        .. Words("svg g path rect circle ellipse line polyline polygon text tspan title desc defs clipPath linearGradient"),
        .. Words("radialGradient stop pattern marker"),
        .. Words("math semantics annotation mrow mi mo mn ms mtext mspace mfrac msqrt mroot msub msup msubsup munder mover"),
        .. Words("munderover mtable mtr mtd mpadded mstyle menclose mphantom"),
    ];

    /// <summary>Attributes that say how something looks or is read; addresses are looked at one by one.</summary>
    public static IReadOnlyList<string> Attributes { get; } =
    [
        .. Words("alt class colspan dir href id lang open role rowspan scope span src start tabindex title type value"),
        .. Words("checked disabled hidden reversed datetime headers"),
        .. Words("aria-hidden aria-label aria-labelledby aria-describedby aria-level aria-live aria-expanded aria-sort"),
        .. Words("accent alttext columnalign display encoding linethickness mathvariant stretchy fence form lspace rspace"),
        .. Words("clip-path cx cy d dx dy fill fill-opacity fill-rule font-family font-size font-style font-weight fx fy"),
        .. Words(
            "gradientTransform gradientUnits height markerHeight markerUnits markerWidth offset opacity orient patternUnits"
        ),
        .. Words("points preserveAspectRatio r refX refY rotate rx ry spreadMethod stop-color stop-opacity stroke"),
        .. Words("stroke-dasharray stroke-linecap stroke-linejoin stroke-miterlimit stroke-opacity stroke-width text-anchor"),
        .. Words("dominant-baseline textLength transform vector-effect viewBox width x x1 x2 y y1 y2"),
    ];

    /// <summary>
    /// The address as it may stand in a link: a place on the page, a relative path, or a page on the web; null for every other kind,
    /// such as <c>javascript:</c> or the path of another machine.
    /// </summary>
    public static string? Address(string written)
    {
        var address = written.Trim();

        // Browsers drop line breaks and tabs wherever they stand, so that a scheme may hide behind them.
        if (address.Length == 0 || address.Any(char.IsControl) || address[0] is '/' or '\\')
            return null;
        return Scheme().Match(address) is { Success: true } scheme
            ? scheme.Value.ToLowerInvariant() is "http:" or "https:" or "mailto:"
                ? address
                : null
            : address;
    }

    private static string[] Words(string names) => names.Split(' ');

    [GeneratedRegex("^[^/?#]*?:")]
    private static partial Regex Scheme();
}
