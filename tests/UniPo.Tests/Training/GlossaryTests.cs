namespace UniPo.Tests;

/// <summary>The glossary: complete, current, and short enough to be read.</summary>
public class GlossaryTests
{
    public static TheoryData<string> Words => [.. Glossary.All.Select(t => t.Name)];

    [Theory]
    [MemberData(nameof(Words))]
    public void A_word_is_explained_in_one_or_two_plain_sentences(string word)
    {
        var meaning = Glossary.Find(word).Meaning;
        Assert.EndsWith(".", meaning, StringComparison.Ordinal);
        Assert.InRange(meaning.Split(". ").Length, 1, 2);
        Assert.InRange(meaning.Length, 30, 200);
    }

    [Fact]
    public void Every_word_has_a_place_of_its_own_on_the_page()
    {
        Assert.Equal(Glossary.All.Count, Glossary.All.Select(t => t.Anchor).Distinct().Count());
        Assert.All(Glossary.All, t => Assert.Matches("^[a-z0-9-]+$", t.Anchor));
        Assert.InRange(Glossary.All.Count, 60, 130);
    }

    [Fact]
    public void Every_name_that_a_card_or_an_explanation_shows_is_explained()
    {
        var parts = Algorithms.All.Concat(PartCases.All.Values).SelectMany(a => a.Parts).Select(p => p.Name);
        string[] shown =
        [
            .. parts,
            "term",
            "weight",
            "ratio",
            "advantage",
            "KL",
            "clipped",
            "log-probability",
            "old policy",
            "reference policy",
            "aggregation",
            "value",
            "entropy",
        ];
        Assert.Equal([], shown.Distinct().Where(name => Glossary.FindOrNull(name) is null));
    }

    [Fact]
    public void Names_are_found_whatever_their_case_and_in_the_plural()
    {
        Assert.Equal("importance ratio", Glossary.Find("Ratios").Name);
        Assert.Equal("response", Glossary.Find("completion").Name);
        Assert.Contains(
            "KL divergence",
            Assert.Throws<KeyNotFoundException>(() => Glossary.Find("flux")).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void The_pieces_of_a_text_are_the_text_and_mark_each_word_once_the_longest_first()
    {
        const string text = "The importance ratio of a token: a ratio above 1 means the tokens' advantage grew (non-token).";
        var pieces = Glossary.Mark(text);
        Assert.Equal(text, string.Concat(pieces.Select(p => p.Text)));
        Assert.Equal(["importance ratio", "token", "advantage"], pieces.Where(p => p.Term is not null).Select(p => p.Text));
        Assert.DoesNotContain(Glossary.Mark(text, except: Glossary.Find("token")), p => p.Term?.Name == "token");
        Assert.Empty(Glossary.Mark(""));
    }
}
