namespace UniPo;

/// <summary>A kind of file that trainers write and that can be read.</summary>
/// <param name="Name">What it is called, for instance <c>trainer_state.json</c>.</param>
/// <param name="Trainer">Who writes it.</param>
/// <param name="Lacks">What no file of this kind can tell; empty when nothing is missing.</param>
public sealed record LogFormat(string Name, string Trainer, string Lacks)
{
    /// <summary>UniPo's own log, and UNIPO's.</summary>
    public static LogFormat RunLog { get; } = new("run log", "UniPo or UNIPO", "");

    /// <summary>The state of a Hugging Face trainer: TRL, axolotl, unsloth, LLaMA-Factory, ms-swift, open-r1.</summary>
    public static LogFormat TrainerState { get; } =
        new("trainer_state.json", "TRL", "no tokens, no responses, no settings of the objective, no seed");

    /// <summary>The rows of a Hugging Face trainer without their frame: a list, or one object a line.</summary>
    public static LogFormat LogHistory { get; } =
        new("log_history", "TRL", "no tokens, no responses, no settings of the objective, no seed");

    /// <summary>LLaMA-Factory's <c>trainer_log.jsonl</c>.</summary>
    public static LogFormat LlamaFactory { get; } =
        new(
            "trainer_log.jsonl",
            "LLaMA-Factory",
            "no tokens, no responses, no rewards; few metrics (trainer_state.json has more)"
        );

    /// <summary>Output of a Hugging Face trainer on the terminal: one Python dictionary for each row.</summary>
    public static LogFormat TrlConsole { get; } =
        new(
            "console",
            "TRL",
            "no tokens, no settings; numbers rounded for the eye, step numbers taken from progress bars or counted"
        );

    /// <summary>TRL's table of completions.</summary>
    public static LogFormat TrlCompletions { get; } =
        new(
            "completions parquet",
            "TRL",
            "no tokens, no log-probabilities, no metrics; only the newest batch before each log event"
        );

    /// <summary>verl's lines <c>step:1 - …</c> on the terminal.</summary>
    public static LogFormat VerlConsole { get; } = new("console", "verl", "no tokens, no responses");

    /// <summary>verl's FileLogger.</summary>
    public static LogFormat VerlFileLogger { get; } = new("FileLogger", "verl", "no tokens, no responses, no settings");

    /// <summary>verl's dump of rollouts, one file for each step.</summary>
    public static LogFormat VerlRollouts { get; } =
        new("rollout dump", "verl", "no tokens, no log-probabilities, no advantages, no metrics of the update");

    /// <summary>NeMo-RL's <c>train_data_step*.jsonl</c>.</summary>
    public static LogFormat NemoRl { get; } =
        new(
            "train_data",
            "NeMo-RL",
            "no reference log-probabilities, no metrics of the update; texts of tokens need --tokenizer"
        );

    /// <summary>prime-rl's token export.</summary>
    public static LogFormat PrimeRl { get; } =
        new(
            "token export",
            "prime-rl",
            "no rewards, no group of a response (equal prompts are taken as one); texts of tokens need --tokenizer"
        );

    /// <summary>open-instruct's traces.</summary>
    public static LogFormat OpenInstruct { get; } =
        new("rollouts", "open-instruct", "no log-probabilities of the trainer; texts of tokens need --tokenizer");

    /// <summary>OpenRLHF's lines <c>Global step 1: {…}</c>.</summary>
    public static LogFormat OpenRlhfConsole { get; } = new("console", "OpenRLHF", "no tokens, no responses, no settings");

    /// <summary>slime's lines <c>step 0: {…}</c>.</summary>
    public static LogFormat SlimeConsole { get; } = new("console", "slime", "no tokens, no responses, no settings");

    /// <summary>Lines of metrics with a step: prime-rl's metrics.jsonl, wandb's history and kin.</summary>
    public static LogFormat MetricLines { get; } =
        new("lines of metrics", "unknown trainer", "no tokens, no responses, no settings");

    /// <summary>A table exported from wandb.</summary>
    public static LogFormat WandbCsv { get; } = new("CSV export", "wandb", "no tokens, no responses, no settings");

    /// <summary>TensorBoard's event file.</summary>
    public static LogFormat TensorBoard { get; } = new("event file", "TensorBoard", "no tokens, no responses, no settings");

    /// <summary>All kinds that are read, in the order in which they are tried.</summary>
    public static IReadOnlyList<LogFormat> All { get; } =
    [
        RunLog,
        TrainerState,
        LogHistory,
        LlamaFactory,
        VerlFileLogger,
        VerlRollouts,
        NemoRl,
        PrimeRl,
        OpenInstruct,
        MetricLines,
        VerlConsole,
        OpenRlhfConsole,
        SlimeConsole,
        TrlConsole,
        TrlCompletions,
        WandbCsv,
        TensorBoard,
    ];

    /// <inheritdoc/>
    public override string ToString() => $"{Trainer} {Name}";
}
