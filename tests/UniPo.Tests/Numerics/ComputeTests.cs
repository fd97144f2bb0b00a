using UniPo.Engine;
using UniPo.Numerics;

namespace UniPo.Tests.Numerics;

public class ComputeTests
{
    private sealed class Count(int parts, Action<int>? also = null) : IParallelWork
    {
        public int[] Done { get; } = new int[parts];

        public void Do(int part, int worker)
        {
            Interlocked.Increment(ref Done[part]);
            also?.Invoke(part);
        }
    }

    [Theory, InlineData(1), InlineData(2), InlineData(5)]
    public void Every_part_is_done_exactly_once(int threads)
    {
        var compute = new Compute(threads);
        for (var round = 0; round < 2000; round++)
        {
            var work = new Count(round % 23);
            compute.Run(work, round % 23);
            Assert.All(work.Done, n => Assert.Equal(1, n));
        }
    }

    [Fact]
    public void A_failing_part_is_reported_after_all_parts_and_the_next_work_runs()
    {
        var compute = new Compute(3);
        for (var round = 0; round < 100; round++)
        {
            var work = new Count(
                9,
                part =>
                {
                    if (part == 4)
                        throw new InvalidOperationException("part four");
                }
            );
            Assert.Equal("part four", Assert.Throws<InvalidOperationException>(() => compute.Run(work, 9)).Message);
            Assert.All(work.Done, n => Assert.Equal(1, n));
        }
    }

    [Fact]
    public void Work_started_from_within_work_or_from_another_thread_is_done_too()
    {
        var compute = new Compute(2);
        var inner = new Count(6);
        compute.Run(new Count(2, _ => compute.Run(inner, 6)), 2);
        Assert.All(inner.Done, n => Assert.Equal(2, n));

        Parallel.For(
            0,
            4,
            _ =>
            {
                for (var round = 0; round < 200; round++)
                {
                    var work = new Count(5);
                    compute.Run(work, 5);
                    Assert.All(work.Done, n => Assert.Equal(1, n));
                }
            }
        );
    }

    [Fact]
    public void Idle_threads_fall_asleep_and_wake_for_the_next_work()
    {
        var compute = new Compute(3);
        for (var round = 0; round < 3; round++)
        {
            Assert.True(SpinWait.SpinUntil(() => compute.SleepingThreads == 2, TimeSpan.FromSeconds(30)));
            var work = new Count(50);
            compute.Run(work, 50);
            Assert.All(work.Done, n => Assert.Equal(1, n));
        }
    }

    [Fact]
    public void Threads_end_when_nobody_holds_their_compute_any_longer()
    {
        var crew = Abandoned();
        Assert.True(
            SpinWait.SpinUntil(
                () =>
                {
                    GC.Collect();
                    GC.WaitForPendingFinalizers();
                    return crew.Running == 0;
                },
                TimeSpan.FromSeconds(30)
            )
        );
    }

    [Fact]
    public void A_number_of_threads_out_of_range_is_refused() =>
        Assert.Contains(
            "[1, 256], but was 0",
            Assert.Throws<ArgumentOutOfRangeException>(() => new Compute(0)).Message,
            StringComparison.Ordinal
        );

    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private static WorkerThreads Abandoned() => new Compute(3).Workers!;
}
