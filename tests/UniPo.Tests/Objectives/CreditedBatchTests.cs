namespace UniPo.Tests;

public class CreditedBatchTests
{
    [Fact]
    public void Micro_batches_add_up_to_the_whole()
    {
        var batch = RandomBatch.Of(3, 0.4);
        foreach (
            var aggregation in new Aggregation[]
            {
                Aggregation.TokenMean,
                Aggregation.SequenceMean,
                Aggregation.SequenceSum,
                Aggregation.Constant(8),
            }
        )
        {
            var objective = Algorithms.Grpo with { Aggregation = aggregation };
            var credited = objective.Credit(batch);
            var whole = objective.Evaluate(credited);
            var rows = Enumerable.Range(0, batch.Layout.Responses).ToArray();
            TokenReport[] parts = [.. rows.Chunk(2).Select(chunk => objective.Evaluate(credited.MicroBatch(chunk)))];
            Assert.Equal(whole.Summary.Objective, parts.Sum(p => p.Summary.Objective), 12);
            Assert.Equal(whole.Weight.Values.ToArray(), parts.SelectMany(p => p.Weight.Values.ToArray()));
        }
    }

    [Fact]
    public void A_mini_batch_keeps_the_advantages_of_the_whole_rollout_and_counts_its_own_tokens()
    {
        var batch = RandomBatch.Of(5);
        var credited = Algorithms.Grpo.Credit(batch);
        var last = batch.Layout.Groups - 1;
        var mini = credited.MiniBatch([last]);
        var first = batch.Layout.RowStarts[batch.Layout.GroupStarts[last]];
        Assert.Equal(credited.Advantages!.Values[first..].ToArray(), mini.Advantages!.Values.ToArray());
        Assert.Equal(mini.Batch.Layout.ActiveTokens, mini.Totals.ActiveTokens);
    }
}
