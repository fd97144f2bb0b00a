namespace UniPo.Engine;

/// <summary>Work in parts that do not depend on each other.</summary>
internal interface IParallelWork
{
    /// <summary>Does one part.</summary>
    /// <param name="part">Which.</param>
    /// <param name="worker">Number of the thread that does it, so that each may have scratch memory of its own; 0 is the
    /// caller.</param>
    void Do(int part, int worker);
}
