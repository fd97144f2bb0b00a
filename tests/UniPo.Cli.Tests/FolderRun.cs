using UniPo.Cli.Tests.Support;

namespace UniPo.Cli.Tests;

/// <summary>Tests that look at the same run.</summary>
[CollectionDefinition(nameof(FolderRun))]
public sealed class FolderRunCollection : ICollectionFixture<FolderRun>;

/// <summary>One run of a folder of notebooks, shared by many tests because every notebook costs a process.</summary>
public sealed class FolderRun : IAsyncLifetime
{
    private const string AskForUniPo = "#r \"nuget: UniPo.Interactive, 0.2.0\"\nusing UniPo;";
    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, string> _before = [];

    internal Call Call { get; private set; } = null!;

    internal string Source => _folder["lessons"];

    internal string Output => _folder["done"];

    internal ExecutedNotebook Good { get; private set; } = null!;

    internal ExecutedNotebook Crash { get; private set; } = null!;

    internal ExecutedNotebook Fault { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        WriteGood();
        new NotebookBuilder()
            .Code("int Fall(int n) => Fall(n + 1) + 1;\nConsole.Write(\"before the fall\");")
            .Code("Console.Write(\"partial\");\nFall(0)")
            .Write(Source, "02-crash.ipynb");
        new NotebookBuilder()
            .Prose("No title here.")
            .Code("int[] numbers = [1, 2];\nvar index = 5;")
            .Code("int Pick(int i)\n{\n    return numbers[i];\n}\n\nPick(index)")
            .Code("numbers[0]")
            .Write(Source, "03-fault.ipynb");
        new NotebookBuilder().Code("throw new Exception(\"a solution ran\");").Write(Source, "solutions/01-good.ipynb");
        foreach (var file in Directory.GetFiles(Source, "*.ipynb"))
            _before[file] = File.ReadAllText(file);

        Call = await Call.Unipo(
            "run",
            Source,
            "--output",
            Output,
            "--html",
            "--report",
            "json",
            "--jobs",
            "2",
            "--quick",
            "--param",
            "name=Ada \"Q\""
        );
        Good = new(Path.Combine(Output, "01-good.ipynb"));
        Crash = new(Path.Combine(Output, "02-crash.ipynb"));
        Fault = new(Path.Combine(Output, "03-fault.ipynb"));
    }

    public Task DisposeAsync()
    {
        _folder.Dispose();
        return Task.CompletedTask;
    }

    /// <summary>Names of notebooks that are not what they were before the run.</summary>
    internal IEnumerable<string> Changed() => _before.Where(b => File.ReadAllText(b.Key) != b.Value).Select(b => b.Key);

    private void WriteGood() =>
        new NotebookBuilder()
            .Prose(
                "# A good lesson\n\n10 s · CPU only\n\n*A line in italics. Next: nothing.*\n\nIt shows *everything*. Then it ends.\n\n## First part\n\nSee [the next](02-crash.ipynb#cell-1).\n\n## Second part\n\n![a picture](https://example.org/x.png)"
            )
            .Code("// who\nvar name = \"nobody\"; // kept\nvar quick = false;\nvar steps = quick ? 2 : 200;", "parameters")
            .Code(AskForUniPo)
            .Code(
                "Console.WriteLine($\"{name} {steps}\");\n1.Display();\nConsole.Write(\"step 1\\rstep 2\");\nawait Task.Delay(1);\ndisplay(\"two\");\nvar three = 3;\nthree"
            )
            .Code("#r \"nuget: Humanizer.Core, 2.14.1\"\nusing Humanizer;\n(three + 2).ToWords()")
            .Code("throw new InvalidOperationException(\"as it should\");", "raises-exception")
            .Code("throw new InvalidOperationException(\"never run\");", "skip-execution")
            .Code("Vocabulary.OfCharacters(\"abc\").Encode(\"ca\")")
            .Code(SelfShowing)
            .Code("new Card(\"<b>\")")
            .Code("var card = new Card(\"again\");")
            .Code($"#r \"{typeof(Assert).Assembly.Location}\"\ntypeof(Xunit.Assert).Name")
            .Code("Console.Error.Write(\"to the side\");\nnew[] { 1.5 }.Display(\"text/plain\");\nConsole.WriteLine(name)")
            .Write(Source, "01-good.ipynb");

    /// <summary>A type that shows itself by the formatting convention, as the views do.</summary>
    private const string SelfShowing = """
        class TypeFormatterSourceAttribute : Attribute
        {
            public TypeFormatterSourceAttribute(Type type) => FormatterSourceType = type;
            public Type FormatterSourceType { get; }
            public string[] PreferredMimeTypes { get; set; }
        }

        public class CardFormatters { public IEnumerable<object> CreateTypeFormatters() => new object[] { new CardHtml(), new CardText() }; }

        public class CardText
        {
            public string MimeType => "text/plain";
            public bool Format(object card, System.IO.TextWriter writer) { writer.Write(card.ToString()); return true; }
        }

        public class CardHtml
        {
            public string MimeType => "text/html";
            public bool Format(object card, System.IO.TextWriter writer)
            {
                writer.Write("<p class=\"card\">" + System.Net.WebUtility.HtmlEncode(((Card)card).Text) + "</p><script>window.ran = true</script>");
                return true;
            }
        }

        [TypeFormatterSource(typeof(CardFormatters), PreferredMimeTypes = new[] { "text/html", "text/plain" })]
        public record Card(string Text) { public override string ToString() => "card " + Text; }
        """;
}
