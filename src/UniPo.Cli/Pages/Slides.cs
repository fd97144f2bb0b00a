using UniPo.Cli.Notebooks;

namespace UniPo.Cli.Pages;

/// <summary>
/// A page as slides: each heading of level 1 or 2 begins one. Arrow keys turn them, the address keeps the number; without script all of
/// them stand below each other.
/// </summary>
internal static class Slides
{
    /// <summary>Begins a slide.</summary>
    public const string Open = "<section class=\"slide\">\n";

    /// <summary>Ends a slide.</summary>
    public const string Close = "</section>\n";

    /// <summary>What turns the slides. Keys that a view or a field uses itself stay with it.</summary>
    public const string Script = """
        <script>
        (() => {
          const slides = [...document.querySelectorAll(".slide")];
          const place = document.createElement("p");
          place.className = "place";
          place.setAttribute("role", "status");
          document.body.append(place);
          document.body.classList.add("slides");
          let shown = 0;
          const show = number => {
            shown = Math.max(0, Math.min(slides.length - 1, number));
            slides.forEach((slide, i) => slide.hidden = i !== shown);
            place.textContent = `${shown + 1} of ${slides.length}`;
            scrollTo(0, 0);
          };
          const go = number => { location.hash = `slide-${Math.max(1, Math.min(slides.length, number + 1))}`; };
          const read = () => {
            const number = /^#slide-(\d+)$/.exec(location.hash);
            if (number) return show(number[1] - 1);
            const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
            show(Math.max(0, target ? slides.findIndex(slide => slide.contains(target)) : 0));
          };
          addEventListener("hashchange", read);
          addEventListener("keydown", event => {
            if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey) return;
            if (event.target.closest(".unipo, input, select, textarea, pre, summary")) return;
            const step = { ArrowRight: 1, PageDown: 1, " ": 1, ArrowLeft: -1, PageUp: -1 }[event.key];
            if (!step && event.key !== "Home" && event.key !== "End") return;
            event.preventDefault();
            go(step ? shown + step : event.key === "Home" ? 0 : slides.length - 1);
          });
          read();
        })();
        </script>

        """;

    /// <summary>True for a cell with which a slide begins.</summary>
    public static bool Begins(NotebookCell cell) =>
        cell.IsMarkdown
        && (cell.Source.StartsWith("# ", StringComparison.Ordinal) || cell.Source.StartsWith("## ", StringComparison.Ordinal));
}
