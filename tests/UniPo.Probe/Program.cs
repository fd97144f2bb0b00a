using System.Globalization;
using System.Security.Cryptography;
using UniPo;
using UniPo.Numerics;

// With "hold" and a path: writes a run log there until it is ended, and says when it has begun.
if (args is ["hold", var held])
{
    using var log = RunLog.Create(
        held,
        new RunHeader
        {
            Algorithm = "GRPO",
            Task = "addition",
            Model = "none",
        }
    );
    Console.WriteLine("held");
    Thread.Sleep(Timeout.Infinite);
}

// Else trains the shipped base model a few steps on a given number of threads and prints the vector width in use, every metric of every step,
// and the hash of the checkpoint.
var policy = TinyTransformer.Load("addition"); // it is sometimes right, so that there is something to learn from
policy.Compute = new Compute(threads: int.Parse(args[0], CultureInfo.InvariantCulture));
var trainer = new Trainer(
    policy,
    Tasks.Addition(),
    Algorithms.Grpo,
    new TrainerOptions
    {
        Seed = 3,
        Prompts = 24,
        Group = 16,
        Passes = 2,
        LearningRate = 1e-3,
    }
);
Console.WriteLine($"{policy.Compute.VectorBits} bits");
foreach (var step in trainer.Steps(6))
    Console.WriteLine(
        $"{step.Step}: {string.Join(", ", step.Metrics.Select(m => $"{m.Key} {m.Value.ToString("R", CultureInfo.InvariantCulture)}"))}"
    );
var path = Path.GetTempFileName();
try
{
    policy.Save(path);
    Console.WriteLine(Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(path))));
}
finally
{
    File.Delete(path);
}
