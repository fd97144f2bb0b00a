using UniPo;

// Reinforcement learning selects among what a policy already does now and then. So a new model first imitates a teacher who is right half
// of the time, and the reward then decides which half stays.
const ulong Seed = 7;
var steps = args.Length > 0 ? int.Parse(args[0]) : 60;
var task = new Backwards();
var policy = TinyTransformer.Create(new TinyTransformerConfig(), task.Vocabulary, Seed);

var school = new TrainerOptions
{
    Seed = Seed,
    LearningRate = 2e-3,
    MeasureHeldOut = false,
};
new Trainer(policy, new Backwards(sloppy: true), Algorithms.Sft, school).Train(100);

var options = new TrainerOptions
{
    Seed = Seed,
    Group = 16,
    LearningRate = 3e-4,
};
var run = new Trainer(policy, task, Algorithms.Grpo with { Kl = Kl.None }, options).Train(steps);
Console.WriteLine(
    $"Right on held-out prompts: {run.Before!.ExactProbability:P1} before, {run.After!.ExactProbability:P1} after."
);
RunLog.Write("run.jsonl", run, overwrite: true);
