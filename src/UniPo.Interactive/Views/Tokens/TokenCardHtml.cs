namespace UniPo.Interactive;

/// <summary>Writes the explanation of a token's weight as a list of formulas with numbers.</summary>
internal static class TokenCardHtml
{
    public static void Write(TokenExplanation why, HtmlWriter html)
    {
        html.Open("p", ("class", "head"))
            .Text("Token ")
            .Element("span", VisibleText.OfToken(why.Symbol), ("class", "mono"))
            .Text(" ")
            .Element(
                "span",
                $"number {Numbers.Count(why.Token + 1)} of response {Numbers.Count(why.Row + 1)}: w = {Numbers.Signed(why.Weight)}",
                ("class", "sub")
            )
            .Close()
            .Line();
        html.Element("p", why.Summary, ("class", "verdict")).Line();
        html.Open("ol", ("class", "why")).Line();
        foreach (var step in why.Steps)
        {
            html.Open("li", ("data-part", step.Part))
                .Open("p")
                .Term("b", step.Part)
                .Text(" ")
                .Element("span", step.Sentence, ("class", "sub"))
                .Close();
            html.Open("div", ("class", "scroll"), ("tabindex", "0"), ("role", "group"), ("aria-label", $"Formula of {step.Part}"))
                .Math(step)
                .Close();
            html.Close().Line();
        }
        html.Close().Line();
    }
}
