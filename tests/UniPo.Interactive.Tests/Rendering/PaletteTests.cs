namespace UniPo.Interactive.Tests.Rendering;

/// <summary>The colours: readable, equal on both sides, and apart for readers with a colour-vision deficiency.</summary>
public sealed class PaletteTests
{
    // Machado, Oliveira and Fernandes 2009, severity 1, linear RGB.
    private static readonly Dictionary<string, double[]> _deficiencies = new()
    {
        ["none"] = [1, 0, 0, 0, 1, 0, 0, 0, 1],
        ["protan"] = [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998],
        ["deutan"] = [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.011820, 0.042940, 0.968881],
        ["tritan"] = [1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.303900],
    };

    [Theory, InlineData(false), InlineData(true)]
    public void Text_on_every_mark_has_a_contrast_of_at_least_4_5(bool dark)
    {
        for (var level = -Palette.Levels; level <= Palette.Levels; level++)
        {
            var mark = Palette.Signed(level, dark);
            Assert.True(Palette.TextOn(mark).Contrast(mark) >= 4.5, $"level {level}: {mark}");
            mark = Palette.Size(Math.Abs(level), dark);
            Assert.True(Palette.TextOn(mark).Contrast(mark) >= 4.5, $"size {level}: {mark}");
        }
    }

    [Theory, InlineData(false, "ffffff"), InlineData(true, "17191e")]
    public void Lines_have_a_contrast_of_at_least_3_against_the_page(bool dark, string page) =>
        Assert.All(
            Enumerable.Range(0, Palette.Series),
            i => Assert.True(Palette.Line(i, dark).Contrast(Colour.Hex(page)) >= 3, $"line {i}")
        );

    [Theory]
    [
        InlineData("none", false, 20),
        InlineData("protan", false, 20),
        InlineData("deutan", false, 20),
        InlineData("tritan", false, 14)
    ]
    [InlineData("none", true, 20), InlineData("protan", true, 20), InlineData("deutan", true, 20), InlineData("tritan", true, 14)]
    public void Raising_and_lowering_marks_of_equal_size_stay_apart(string deficiency, bool dark, double least)
    {
        for (var level = 4; level <= Palette.Levels; level++)
        {
            var distance = Distance(
                Seen(Palette.Signed(level, dark), deficiency),
                Seen(Palette.Signed(-level, dark), deficiency)
            );
            Assert.True(distance >= least, $"level ±{level}: {distance:0.0}");
        }
    }

    [Theory, InlineData(false), InlineData(true)]
    public void Stronger_marks_lie_further_from_the_page(bool dark)
    {
        for (var level = 1; level <= Palette.Levels; level++)
            foreach (
                var (weaker, stronger) in new[]
                {
                    (Palette.Signed(level - 1, dark), Palette.Signed(level, dark)),
                    (Palette.Signed(1 - level, dark), Palette.Signed(-level, dark)),
                    (Palette.Size(level - 1, dark), Palette.Size(level, dark)),
                }
            )
                Assert.True(
                    dark ? stronger.Luminance > weaker.Luminance : stronger.Luminance < weaker.Luminance,
                    $"level {level}: {weaker} then {stronger}"
                );
    }

    // CIE 1976 difference in L*a*b*.
    private static double Distance(double[] a, double[] b)
    {
        var (x, y) = (Lab(a), Lab(b));
        return Math.Sqrt(x.Zip(y, (p, q) => (p - q) * (p - q)).Sum());
    }

    private static double[] Seen(Colour colour, string deficiency)
    {
        double[] linear =
        [
            .. new[] { colour.Red, colour.Green, colour.Blue }.Select(p =>
                p <= 0.04045 ? p / 12.92 : Math.Pow((p + 0.055) / 1.055, 2.4)
            ),
        ];
        var m = _deficiencies[deficiency];
        return
        [
            .. Enumerable
                .Range(0, 3)
                .Select(r => Math.Clamp(m[3 * r] * linear[0] + m[3 * r + 1] * linear[1] + m[3 * r + 2] * linear[2], 0, 1)),
        ];
    }

    private static double[] Lab(double[] rgb)
    {
        double F(double t) => t > 0.008856 ? Math.Cbrt(t) : 7.787 * t + 16.0 / 116;
        var x = F((0.4124 * rgb[0] + 0.3576 * rgb[1] + 0.1805 * rgb[2]) / 0.95047);
        var y = F(0.2126 * rgb[0] + 0.7152 * rgb[1] + 0.0722 * rgb[2]);
        var z = F((0.0193 * rgb[0] + 0.1192 * rgb[1] + 0.9505 * rgb[2]) / 1.08883);
        return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
    }
}
