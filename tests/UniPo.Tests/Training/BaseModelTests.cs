using System.Security.Cryptography;

namespace UniPo.Tests;

public sealed class BaseModelTests
{
    public static TheoryData<string> Names => [.. BaseModel.All.Select(m => m.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_shipped_model_is_right_between_20_and_60_percent_of_the_time(string name)
    {
        var accuracy = HeldOut.Measure(TinyTransformer.Load(name), BaseModel.Named(name).Task, seed: 1);
        Assert.InRange(accuracy.ExactProbability!.Value, 0.2, 0.6);
        Assert.InRange(accuracy.SampledAccuracy - accuracy.ExactProbability.Value, -0.06, 0.06); // five standard errors of 1,620 draws
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_documented_size_and_hash_are_those_of_the_file(string name)
    {
        var bytes = File.ReadAllBytes(Path.Combine(Repository.Root, "data", "checkpoints", name + ".safetensors"));
        var row = File.ReadLines(Path.Combine(Repository.Root, "data", "README.md"))
            .Single(l => l.StartsWith($"| `{name}.safetensors`", StringComparison.Ordinal));
        Assert.Contains($"| {bytes.Length} |", row, StringComparison.Ordinal);
        Assert.Contains(Convert.ToHexString(SHA256.HashData(bytes)).ToLowerInvariant(), row, StringComparison.Ordinal);
        Assert.True(bytes.Length < 1_500_000);
    }

    [Fact]
    public void The_error_of_the_addition_model_is_systematic()
    {
        var policy = TinyTransformer.Load("addition");
        var batch = Sampler.Sample(policy, Tasks.Addition(), prompts: 50, group: 40, seed: 3);
        var carryless = batch.Groups.Sum(g => g.Responses.Count(r => r.Text == Sums.WithoutCarry(g.Prompt) + "$"));
        var right = batch.Responses.Count(r => r.Reward == 1);
        Assert.InRange((carryless + right) / 2000.0, 0.95, 1.5); // sums without any carry count as both
        Assert.InRange(carryless / 2000.0, 0.5, 0.9);
    }

    [Theory]
    [InlineData("27+58=", "85", "75", "58")]
    [InlineData("55+55=", "110", "00", "011")]
    [InlineData("12+34=", "46", "46", "64")]
    public void Wrong_ways_to_add_are_what_they_say(string text, string answer, string withoutCarry, string reversed)
    {
        Assert.Equal(withoutCarry, Sums.WithoutCarry(new Prompt(text, answer)));
        Assert.Equal(reversed, Sums.Reversed(new Prompt(text, answer)));
    }

    [Fact]
    public void Supervised_learning_lowers_the_loss_and_is_repeatable()
    {
        double[] Losses() =>
            [
                .. (
                    new Pretraining
                    {
                        Steps = 30,
                        Batch = 32,
                        Seed = 5,
                    }
                ).Learn(
                    TinyTransformer.Create(
                        new()
                        {
                            Layers = 1,
                            Width = 16,
                            Heads = 2,
                            Hidden = 32,
                            ContextLength = 16,
                        },
                        Tasks.Addition().Vocabulary!,
                        1
                    ),
                    Tasks.Addition(),
                    (prompt, _) => prompt.Answer!
                ),
            ];
        var losses = Losses();
        Assert.InRange(losses[0], Math.Log(15) - 0.2, Math.Log(15) + 0.2); // an untaught model knows nothing of 15 symbols
        Assert.True(losses[^1] < losses[0] - 0.2, $"{losses[0]} {losses[^1]}");
        Assert.Equal(losses, Losses());
    }

    [Fact]
    public void An_unknown_base_model_is_answered_with_the_known_ones() =>
        Assert.Contains(
            "the base models are addition, addition-reversed, scratchpad",
            Assert.Throws<ArgumentException>(() => BaseModel.Named("sorting")).Message,
            StringComparison.Ordinal
        );
}
