namespace UniPo;

/// <summary>A rollout, and how many tokens it cost to get it.</summary>
internal sealed record Rollout(RolloutBatch Batch, int GeneratedTokens);

/// <summary>Gets the responses of one rollout: samples them and adds whatever columns the objective needs.</summary>
internal sealed class RolloutCollector(ITrainablePolicy policy, ITask task, TrainerOptions options)
{
    /// <summary>Frozen when training starts; measures how far the policy has moved from there.</summary>
    private readonly ITrainablePolicy _reference = policy.Clone();

    public Rollout Collect(Objective objective, int rollout)
    {
        var plan = objective.Sampling;
        var sampler = new Sampler { Prompts = options.Prompts, Group = options.Group, Temperature = options.Temperature, GreedyBaseline = plan.GreedyRollout };
        var batch = sampler.Draw(policy, task, options.Seed, (ulong)rollout);
        var generated = batch.Layout.Tokens;
        if (plan.Overlong is { } overlong) batch = Penalize(batch, overlong);
        if (options.TrackKl || objective is PolicyObjective { Kl: not NoKl }) batch = batch with { ReferenceLogProbs = Reference(batch) };
        if (plan.NeedsCritic) batch = batch with { OldValues = Values(batch) };
        return new Rollout(batch, generated);
    }

    private TokenColumn Reference(RolloutBatch batch)
    {
        var logProbs = new double[batch.Layout.Tokens];
        foreach (var piece in Pieces.Of(batch.Sequences!, options.MicroBatch))
            _reference.Score(piece.Sequences, batch.Temperature, logProbs.AsSpan(piece.Start, piece.Length), entropies: []);
        return new TokenColumn(batch.Layout, logProbs);
    }

    private TokenColumn Values(RolloutBatch batch)
    {
        var values = new double[batch.Layout.Tokens];
        foreach (var piece in Pieces.Of(batch.Sequences!, options.MicroBatch))
            policy.Forward(piece.Sequences, batch.Temperature).Values.CopyTo(values.AsSpan(piece.Start));
        return new TokenColumn(batch.Layout, values);
    }

    private RolloutBatch Penalize(RolloutBatch batch, OverlongPenalty overlong) => batch with
    {
        Groups = [.. batch.Groups.Select(g => g with
        {
            Responses = [.. g.Responses.Select(r => r with { Reward = r.Reward + overlong.At(r.Length, task.MaxTokens) })],
        })],
    };
}
