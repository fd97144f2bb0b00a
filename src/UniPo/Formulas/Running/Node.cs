namespace UniPo.Formulas;

/// <summary>One operation of a compiled formula: a column of numbers, how it is computed, and how ∂J flows back through it.</summary>
/// <remarks>
/// A local node is computed response by response, so that its numbers stay in the processor's cache; a whole node sees all
/// responses at once, which is what a mean over a group needs.
/// </remarks>
internal abstract class Node(Level level, params Node[] inputs)
{
    /// <summary>Position among the nodes of the program; inputs come before what is made of them.</summary>
    public int Id { get; set; } = -1;

    /// <summary>What each number belongs to.</summary>
    public Level Level { get; } = level;

    /// <summary>The columns it is computed from.</summary>
    public Node[] Inputs { get; } = inputs;

    /// <summary>True when it depends on what is learnt, so that a derivative flows through it.</summary>
    public virtual bool Moves { get; } = inputs.Any(i => i.Moves);

    /// <summary>True when it needs all responses at once.</summary>
    public virtual bool IsWhole => Level < Level.Response;

    /// <summary>How many rounds over the responses must be over before it is known.</summary>
    public int Round { get; set; }

    /// <summary>True when the derivative through it does not depend on numbers that move: sums, and factors that are fixed.</summary>
    public virtual bool IsLinear => false;

    /// <summary>In which direction it moves when log π of its token rises.</summary>
    public Direction Direction { get; set; }

    /// <summary>Where the marks of bounds that bite are kept, one a token; −1 when nobody asks or none can bite.</summary>
    public int Marks { get; set; } = -1;

    /// <summary>Computes the numbers: of the frame's response, or of all when it is a whole node.</summary>
    public abstract void Forward(Frame frame);

    /// <summary>Adds to the inputs' derivatives what this node's own derivative says about them.</summary>
    public abstract void Backward(Frame frame);

    /// <summary>Marks the tokens on which a bound bites; most nodes pass on what their inputs say.</summary>
    public virtual void Mark(Frame frame) => PassMarksOn(frame);

    /// <summary>True when a bound can bite here or below.</summary>
    public virtual bool CanMark => Inputs.Any(i => i.CanMark);

    /// <summary>A token's mark is that of the first input which has one.</summary>
    protected void PassMarksOn(Frame frame)
    {
        var marks = frame.Marks(this);
        marks.Clear();
        foreach (var input in Inputs)
        {
            if (input.Marks < 0)
                continue;
            var below = frame.Marks(input);
            for (var t = 0; t < marks.Length; t++)
                if (marks[t] == ClipSide.None)
                    marks[t] = below[t];
        }
    }
}

/// <summary>Whether a number rises or falls with log π of its token; what a bound that holds it has stopped.</summary>
/// <param name="Sign">1 for rising, −1 for falling, 0 for neither, 2 where the formula does not tell.</param>
/// <param name="Factor">A column whose sign turns the direction; null for none.</param>
internal readonly record struct Direction(int Sign, Node? Factor = null)
{
    public const int Unknown = 2;

    public static Direction operator -(Direction d) => d.Sign == Unknown ? d : d with { Sign = -d.Sign };

    /// <summary>The direction of what is made of two numbers.</summary>
    public static Direction operator |(Direction a, Direction b) =>
        a.Sign == 0 || a == b ? b
        : b.Sign == 0 ? a
        : new(Unknown);

    /// <summary>The direction after multiplying by a column that does not depend on log π.</summary>
    public Direction Times(Node factor) =>
        Sign is 0 or Unknown ? this
        : factor is ConstantNode { Value: var value } ? this with { Sign = Sign * Math.Sign(value) }
        : Factor is null ? this with { Factor = factor }
        : new(Unknown);
}
