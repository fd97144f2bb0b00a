namespace UniPo;

public static partial class Glossary
{
    private static GlossaryTopic Texts =>
        new(
            "Texts and policies",
            [
                new(
                    "token",
                    "The smallest piece of text a model reads or writes: a single character in this course, a word or a part of one in large models."
                ),
                new("vocabulary", "All tokens a model knows, each with a number."),
                new("prompt", "The text a model is given, for instance a question: what it is to answer."),
                new(
                    "response",
                    "What the model writes after a prompt, token by token, up to its closing symbol or to the length limit."
                )
                {
                    Also = ["completion", "answer"],
                },
                new(
                    "truncated response",
                    "A response that the length limit cut off before its closing symbol; its reward says little about the end it never reached."
                )
                {
                    Also = ["truncated"],
                },
                new(
                    "policy",
                    "The model that learns, seen as a rule: for every beginning of a text it gives each possible next token a probability."
                )
                {
                    Symbol = "π_θ",
                },
                new(
                    "parameter",
                    "One of the numbers inside a model that training changes; all of them together decide the policy."
                )
                {
                    Symbol = "θ",
                },
                new(
                    "logit",
                    "The number a model gives each possible next token before numbers become probabilities; a token with a larger one is likelier."
                ),
                new(
                    "log-probability",
                    "The natural logarithm of a token's probability: 0 for a certain token, −0.69 for one of two equally likely ones, far below 0 for a rare one."
                )
                {
                    Symbol = "log π",
                    Also = ["log-prob", "log probability"],
                },
                new(
                    "nat",
                    "The unit of natural logarithms: a difference of 1 nat between two log-probabilities means that one probability is 2.718 times the other."
                ),
                new(
                    "temperature",
                    "How boldly tokens are drawn: 1 follows the model's own probabilities, less than 1 favours likely tokens, 0 always takes the likeliest."
                ),
                new(
                    "greedy response",
                    "The response in which every token is the likeliest one: what the policy says without dice."
                )
                {
                    Also = ["greedy decoding"],
                },
                new(
                    "entropy",
                    "How undecided the policy is about the next token, in nats: 0 when one token is certain, largest when all are equally likely."
                )
                {
                    Symbol = "H",
                },
                new(
                    "base model",
                    "The model that training starts from; it has read texts, but has not been trained on rewards yet."
                ),
                new(
                    "old policy",
                    "The policy as it was when the responses were sampled; the importance ratio compares the policy with it."
                )
                {
                    Symbol = "π_old",
                    Also = ["sampling policy", "behaviour policy"],
                },
                new(
                    "reference policy",
                    "A frozen policy, usually the base model, that the trained one must not drift too far away from."
                )
                {
                    Symbol = "π_ref",
                    Also = ["reference"],
                },
            ]
        );

    private static GlossaryTopic Sampling =>
        new(
            "Sampling",
            [
                new(
                    "sampling",
                    "Drawing tokens at random with the probabilities of the policy; how many responses a prompt gets and how often each is used is an algorithm's sampling plan."
                ),
                new(
                    "rollout",
                    "One round of sampling: prompts, the responses to them, their log-probabilities and their rewards."
                ),
                new("batch", "All responses that one step learns from."),
                new("group", "The responses to the same prompt, which can be compared with each other.") { Symbol = "g" },
                new("group size", "How many responses each prompt gets.") { Symbol = "G" },
                new(
                    "silent group",
                    "A group whose responses all got the same reward: compared with each other, none is better, so nothing is learnt from them."
                ),
                new(
                    "dynamic sampling",
                    "Throwing silent groups away and sampling other prompts in their place, until the batch is full of groups that teach something."
                ),
                new(
                    "pass",
                    "One time through all responses of a rollout; with several passes, each response is learnt from several times."
                )
                {
                    Also = ["epoch"],
                },
                new("mini-batch", "The part of a batch that one optimiser step uses."),
                new(
                    "micro-batch",
                    "A part of a mini-batch that fits into memory; the gradients of all parts are added up before the step."
                ),
                new(
                    "on-policy",
                    "Learning from responses that the policy itself has just written, so that policy and old policy are the same."
                ),
                new(
                    "off-policy",
                    "Learning from responses of another policy, often an older state of the same one; the importance ratio makes up for the difference."
                ),
                new(
                    "sampler correction",
                    "A factor that makes up for a sampling engine that computes probabilities a little differently from the trainer."
                )
                {
                    Symbol = "ρ",
                    Also = ["correction"],
                },
                new(
                    "mask",
                    "A list that says which tokens count; the others, such as a tool's output, enter no sum and get no weight."
                ),
                new("filter", "A rule that takes responses or tokens out of the update, for instance truncated responses.")
                {
                    Also = ["filters"],
                },
            ]
        );
}
