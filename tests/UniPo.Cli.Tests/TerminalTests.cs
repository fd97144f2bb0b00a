using System.Text;
using UniPo.Cli.Terminal;

namespace UniPo.Cli.Tests;

/// <summary>Text of others reaches the terminal as text.</summary>
public sealed class TerminalTests
{
    private static string Written(Action<TextWriter> write)
    {
        using var inner = new StringWriter { NewLine = "\n" };
        write(new TerminalWriter(inner));
        return inner.ToString();
    }

    [Theory]
    [InlineData("\u001b[2J\u001b]0;title\u0007", "␛[2J␛]0;title␇")]
    [InlineData("a\u202eb\u2066c", "a⟨U+202E⟩b⟨U+2066⟩c")]
    [InlineData("a\rb\r\nc\td", "a␍b\nc    d")]
    [InlineData("\u0085\u2028\u200b", "⟨U+0085⟩⟨U+2028⟩⟨U+200B⟩")]
    [InlineData("▁▂▃ π̂ 👍 日本 ×10⁻³", "▁▂▃ π̂ 👍 日本 ×10⁻³")]
    public void What_acts_is_shown_and_what_is_shown_stays(string text, string visible)
    {
        Assert.Equal(visible, TerminalText.Visible(text));
        Assert.Equal(visible + "\n", Written(w => w.WriteLine(text)));
    }

    // Not as data of a theory: attributes keep their texts in UTF-8, which has no half pairs.
    [Fact]
    public void Half_a_pair_of_surrogates_becomes_a_sign() =>
        Assert.Equal("half \uFFFD pair", TerminalText.Visible("half \uD83D pair"));

    [Fact]
    public void A_pair_of_surrogates_may_come_in_two_writes() =>
        Assert.Equal(
            "👍!",
            Written(w =>
            {
                foreach (var c in "👍!")
                    w.Write(c);
            })
        );

    [Fact]
    public void Twenty_thousand_random_texts_leave_no_control_character()
    {
        var random = new Random(7);
        for (var i = 0; i < 20_000; i++)
        {
            var text = new StringBuilder();
            for (var n = random.Next(12); n >= 0; n--)
                text.Append((char)random.Next(random.Next(2) == 0 ? 0x100 : 0x10000));
            foreach (var shown in new[] { Written(w => w.Write(text.ToString())), TerminalText.Sentence(text.ToString()) })
            foreach (var rune in shown.EnumerateRunes().Where(r => r.Value != '\n'))
                Assert.False(
                    Rune.GetUnicodeCategory(rune)
                        is System.Globalization.UnicodeCategory.Control
                            or System.Globalization.UnicodeCategory.Format
                            or System.Globalization.UnicodeCategory.LineSeparator
                            or System.Globalization.UnicodeCategory.ParagraphSeparator
                );
        }
    }

    [Fact]
    public void A_line_with_many_carriage_returns_is_read_in_one_pass()
    {
        var text = new string('x', 200_000) + string.Concat(Enumerable.Repeat("\ry", 200_000));
        Assert.Equal("y" + new string('x', 199_999), TerminalText.Overwrite(text));
    }

    [Theory]
    [InlineData("abc", "abc", 0)]
    [InlineData("grop", "grpo", 1)]
    [InlineData("kitten", "sitting", 3)]
    public void Distance_counts_letters_and_swaps(string a, string b, int distance) =>
        Assert.Equal(distance, Nearest.Distance(a, b));
}
