namespace UniPo.Interactive;

/// <summary>Writes the explanation of a token's weight as text.</summary>
internal static class TokenCardText
{
    public static void Write(TokenExplanation why, TextPage page)
    {
        page.Line(
            $"Token {VisibleText.OfToken(why.Symbol)}, number {why.Token + 1} of response {why.Row + 1}: w = {Numbers.Signed(why.Weight)}"
        );
        page.Line(VisibleText.Of(why.Summary, 2000));
        foreach (var step in why.Steps)
        {
            page.Line().Line($"{step.Part}: {VisibleText.Of(step.Sentence, 2000)}", indent: 2);
            page.Line($"  {step.Formula}", indent: 6);
            page.Line($"    = {step.Numbers}", indent: 6);
        }
    }
}
