using UniPo.Numerics;

namespace UniPo.Engine;

/// <summary>What passes and decoding of one transformer share.</summary>
internal sealed class TransformerParts
{
    private WorkerMemory[] _memories = [];

    public TransformerParts(TinyTransformerConfig config, int vocabulary, Compute compute)
    {
        Config = config;
        Compute = compute;
        Tensors = new TransformerTensors(config, vocabulary);
        Shape = new TransformerShape(config, vocabulary);
        Weights = new PackedWeights(Tensors);
        Forward = new TransformerForward(Shape, Weights);
        Backward = new TransformerBackward(Shape, Weights, Forward);
    }

    public TinyTransformerConfig Config { get; }

    public Compute Compute { get; set; }

    public TransformerTensors Tensors { get; }

    public ParameterSet Parameters => Tensors.Parameters;

    public bool HasValueHead => Config.ValueHead;

    public TransformerShape Shape { get; }

    public PackedWeights Weights { get; }

    public TransformerForward Forward { get; }

    public TransformerBackward Backward { get; }

    /// <summary>Held while a call of the policy runs: it serves one thread at a time.</summary>
    public SingleUse Use { get; } = new("policy");

    /// <summary>Memory that decoding and recorded passes use in turn.</summary>
    public ReusedBuffer ReusedBuffer { get; } = new();

    /// <summary>A sum for one share of a gradient.</summary>
    public GradientSum NewGradientSum() => new(Shape, Tensors, Weights);

    /// <summary>The scratch of one thread.</summary>
    public WorkerMemory Memory(int worker) => _memories[worker];

    /// <summary>Makes room for a number of rows in every thread's scratch.</summary>
    public void ReserveMemory(int rows, bool activations)
    {
        while (_memories.Length < Compute.Threads)
            _memories = [.. _memories, new WorkerMemory(Shape)];
        foreach (var memory in _memories)
        {
            memory.Reserve(rows, Config.ContextLength);
            if (activations)
                memory.Activations.Reserve(rows, recording: false);
        }
    }
}
