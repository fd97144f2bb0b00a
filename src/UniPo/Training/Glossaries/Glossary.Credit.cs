namespace UniPo;

public static partial class Glossary
{
    private static GlossaryTopic Rewards =>
        new(
            "Rewards",
            [
                new("task", "Prompts together with a rule that scores responses."),
                new("reward", "The score of a response, for instance 1 for right and 0 for wrong.") { Symbol = "R_i" },
                new(
                    "verifiable reward",
                    "A reward that a program can compute by checking the response, so that nobody has to judge it."
                ),
                new(
                    "reward model",
                    "A model trained on human judgements that predicts how good a response is, for tasks that no program can check."
                ),
                new(
                    "rubric",
                    "A list of items by which a response is judged, each with a score of its own, such as right, neat and short."
                ),
                new("confidence", "How sure the judge of a rubric item is, from 0 to 1; an unsure judge counts for less."),
                new(
                    "overlong penalty",
                    "A deduction from the reward of responses that come near the length limit, growing with every further token."
                ),
                new("reward hacking", "Earning a high reward in a way nobody wanted, because the rule that scores has a hole."),
            ]
        );

    private static GlossaryTopic Credit =>
        new(
            "Credit: from rewards to advantages",
            [
                new("credit assignment", "Deciding which of the many tokens of a response earned its reward."),
                new("return", "The sum of the rewards that follow a token; later ones may count for less.")
                {
                    Also = ["reward-to-go", "reward to go"],
                },
                new(
                    "discount",
                    "How much a reward counts for every token that it comes later: 1 for the full reward, less than 1 for impatience."
                )
                {
                    Symbol = "γ",
                },
                new(
                    "baseline",
                    "What was to be expected; it is subtracted from the reward, so that only being better or worse than usual pushes a token."
                )
                {
                    Symbol = "b",
                },
                new(
                    "advantage",
                    "How much better a response (or a token) was than expected: above 0 its tokens shall become likelier, below 0 less likely."
                )
                {
                    Symbol = "A",
                },
                new("bias", "A systematic error: an estimate that is wrong even on average over infinitely many samples."),
                new(
                    "variance",
                    "How widely an estimate scatters from sample to sample; with much of it a step is mostly noise, though right on average."
                ),
                new("leave-one-out", "A baseline made of the other responses of the group, without the one that is judged."),
                new(
                    "standard deviation",
                    "A measure of spread: the typical distance of numbers from their mean. Trainers divide the squares by their count minus 1, some papers by the count."
                )
                {
                    Symbol = "std",
                    Also = ["std", "spread"],
                },
                new(
                    "z-score",
                    "A number minus the mean, divided by the standard deviation: how many typical distances it lies above the others."
                ),
                new("whitening", "Bringing the advantages of all tokens of a batch to mean 0 and standard deviation 1."),
                new(
                    "critic",
                    "A model that predicts, before each token, the reward still to come; the prediction is the baseline."
                )
                {
                    Also = ["value head", "value function"],
                },
                new("value", "The critic's prediction of the reward still to come.") { Symbol = "V", Also = ["value estimate"] },
                new("value loss", "The squared error of the critic's predictions, by which it learns."),
                new(
                    "surprise",
                    "The reward that came plus the value after a token, minus the value before it: what the critic had not foreseen."
                )
                {
                    Symbol = "δ",
                    Also = ["temporal difference", "TD error"],
                },
                new(
                    "generalised advantage estimation",
                    "A sum of the surprises after a token, each later one counting for less; λ = 1 trusts the rewards, λ = 0 the critic."
                )
                {
                    Symbol = "γ, λ",
                    Also = ["GAE"],
                },
            ]
        );
}
