using System.Globalization;

namespace UniPo.Interactive;

/// <summary>A colour in sRGB, each part in [0, 1].</summary>
internal readonly record struct Colour(double Red, double Green, double Blue)
{
    /// <summary>From six hexadecimal digits.</summary>
    public static Colour Hex(string digits)
    {
        double Part(int at) => int.Parse(digits.AsSpan(at, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) / 255.0;
        return new Colour(Part(0), Part(2), Part(4));
    }

    /// <summary>As <c>#rrggbb</c>.</summary>
    public override string ToString()
    {
        static int Byte(double part) => (int)Math.Round(Math.Clamp(part, 0, 1) * 255);
        return $"#{Byte(Red):x2}{Byte(Green):x2}{Byte(Blue):x2}";
    }

    /// <summary>Relative luminance by WCAG 2, in [0, 1].</summary>
    public double Luminance => 0.2126 * Linear(Red) + 0.7152 * Linear(Green) + 0.0722 * Linear(Blue);

    /// <summary>Contrast ratio by WCAG 2, from 1 to 21.</summary>
    public double Contrast(Colour other)
    {
        var (a, b) = (Luminance, other.Luminance);
        return (Math.Max(a, b) + 0.05) / (Math.Min(a, b) + 0.05);
    }

    /// <summary>A mixture in Oklab, where equal steps look equal (Ottosson 2020).</summary>
    public Colour Mix(Colour other, double share)
    {
        var (l1, a1, b1) = ToOklab();
        var (l2, a2, b2) = other.ToOklab();
        return FromOklab(l1 + (l2 - l1) * share, a1 + (a2 - a1) * share, b1 + (b2 - b1) * share);
    }

    private (double L, double A, double B) ToOklab()
    {
        var (r, g, b) = (Linear(Red), Linear(Green), Linear(Blue));
        var l = Math.Cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
        var m = Math.Cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
        var s = Math.Cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
        return (
            0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s,
            1.9779984951 * l - 2.4285922050 * m + 0.4505937099 * s,
            0.0259040371 * l + 0.7827717662 * m - 0.8086757660 * s
        );
    }

    private static Colour FromOklab(double lightness, double a, double b)
    {
        var l = Math.Pow(lightness + 0.3963377774 * a + 0.2158037573 * b, 3);
        var m = Math.Pow(lightness - 0.1055613458 * a - 0.0638541728 * b, 3);
        var s = Math.Pow(lightness - 0.0894841775 * a - 1.2914855480 * b, 3);
        return new Colour(
            Gamma(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
            Gamma(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
            Gamma(-0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s)
        );
    }

    private static double Linear(double part) => part <= 0.04045 ? part / 12.92 : Math.Pow((part + 0.055) / 1.055, 2.4);

    private static double Gamma(double part) =>
        part <= 0.0031308 ? Math.Max(0, 12.92 * part) : 1.055 * Math.Pow(part, 1 / 2.4) - 0.055;
}

/// <summary>The colours of the marks, for light and for dark pages. Purple raises, orange lowers, teal measures.</summary>
/// <remarks>
/// Purple and orange (ColorBrewer's PuOr, Brewer and Harrower) stay apart under every common colour-vision deficiency. A dark
/// page gets the reversed ramp, dark in the middle and light at the ends, because the ends of the printed ramp vanish on it.
/// </remarks>
internal static class Palette
{
    /// <summary>Steps on each side of zero.</summary>
    public const int Levels = 10;

    /// <summary>Text on light marks.</summary>
    public static readonly Colour Ink = Colour.Hex("15171c");

    /// <summary>Text on dark marks.</summary>
    public static readonly Colour Paper = Colour.Hex("ffffff");

    private static readonly Ramp _raiseLight = new("f6f6f8", "dedfee", "b9b3d8", "8a7db6", "5c3a94", "41136f");
    private static readonly Ramp _lowerLight = new("f6f6f8", "fde5c4", "fdbf72", "e88d26", "b55a07", "8a4106");
    private static readonly Ramp _scaleLight = new("f4f6f7", "d5e8ea", "9fd0d4", "55aab3", "1b7a86", "0b525f");
    private static readonly Ramp _raiseDark = new("2b2d34", "40366a", "5f4f9b", "8677c2", "b3a8e3", "dcd7f7");
    private static readonly Ramp _lowerDark = new("2b2d34", "553514", "8a4a0c", "c46c14", "f2a14b", "fdd3a0");
    private static readonly Ramp _scaleDark = new("2b2d34", "1d4a52", "1f6d78", "2f95a0", "6fc3ca", "bbe8ea");

    // Lines: no purple and no orange, which say push. Neighbours differ in lightness, too.
    private static readonly string[] _seriesLight =
    [
        "1d5fa8", // blue
        "b3266b", // magenta
        "187a3d", // green
        "5b6470", // slate
        "00798c", // teal
        "7a6a00", // olive
        "a33b3b", // brick
        "2e3f8f", // navy
    ];
    private static readonly string[] _seriesDark =
    [
        "7db4f2",
        "f08abf",
        "6fcf8e",
        "aeb6c2",
        "5ec8d6",
        "d0c257",
        "ee9a94",
        "9fb0ff",
    ];

    /// <summary>Colours of lines.</summary>
    public static int Series => _seriesLight.Length;

    /// <summary>The colour of a level: positive raises, negative lowers.</summary>
    /// <param name="level">In [−<see cref="Levels"/>, <see cref="Levels"/>].</param>
    /// <param name="dark">On a dark page.</param>
    public static Colour Signed(int level, bool dark) =>
        (
            level >= 0
                ? dark
                    ? _raiseDark
                    : _raiseLight
                : dark
                    ? _lowerDark
                    : _lowerLight
        ).At((double)Math.Abs(level) / Levels);

    /// <summary>The colour of a size without sign.</summary>
    /// <param name="level">In [0, <see cref="Levels"/>].</param>
    /// <param name="dark">On a dark page.</param>
    public static Colour Size(int level, bool dark) => (dark ? _scaleDark : _scaleLight).At((double)level / Levels);

    /// <summary>The colour of a line or an area that raises, or lowers.</summary>
    public static Colour Push(bool raises, bool dark) => Signed(raises ? 8 : -8, dark);

    /// <summary>The colour of a line.</summary>
    public static Colour Line(int series, bool dark) => Colour.Hex((dark ? _seriesDark : _seriesLight)[series % Series]);

    /// <summary>Black or white, whichever reads better on a mark.</summary>
    public static Colour TextOn(Colour mark) => mark.Contrast(Ink) >= mark.Contrast(Paper) ? Ink : Paper;

    private sealed class Ramp(params string[] stops)
    {
        private readonly Colour[] _stops = [.. stops.Select(Colour.Hex)];

        public Colour At(double share)
        {
            var at = share * (_stops.Length - 1);
            var low = Math.Min((int)at, _stops.Length - 2);
            return _stops[low].Mix(_stops[low + 1], at - low);
        }
    }
}
