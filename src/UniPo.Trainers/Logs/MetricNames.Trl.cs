namespace UniPo;

// TRL: trl/trainer/grpo_trainer.py, rloo_trainer.py, dpo_trainer.py, trl/experimental/ppo (f2cd5771), and trainers that write alike.
internal static partial class MetricNames
{
    private static MetricName[] Trl =>
        [
            new("reward", "reward", "", "Mean of the weighted reward over the generation batch."),
            new("mean_reward", "reward", "", "Mean reward."),
            new("objective/scores", "reward", "", "Mean score of the reward model."),
            new(
                "reward_std",
                "reward_std",
                "",
                "Spread of the rewards: over the batch in new versions, mean of the groups' in old ones."
            ),
            new("frac_reward_zero_std", "silent_groups", "", "Share of groups whose rewards are all equal."),
            new("policy_loss", "policy_loss", "", "Policy term of the loss; minimised."),
            new("loss/policy_avg", "policy_loss", "", "Policy term of the loss; minimised."),
            new("loss", "policy_loss", "", "Loss, KL and bonus terms included; minimised."),
            new("train_loss", null, "", "Mean loss of the whole training; minimised."),
            new("kl", "kl", "nats", "KL to the reference a token, estimated by k3 (a response for KTO)."),
            new("objective/kl", null, "nats", "KL to the reference of a whole response, summed over its tokens."),
            new("objective/entropy", null, "nats", "Entropy of a whole response, summed over its tokens."),
            new("objective/rlhf_reward", null, "", "Score minus the KL penalty of a response."),
            new("objective/non_score_reward", null, "", "The KL penalty of a response, with its sign."),
            new("entropy", "entropy", "nats", "Mean entropy of the next-token distributions."),
            new("policy/entropy_avg", "entropy", "nats", "Mean entropy of the next-token distributions."),
            new(
                "completions/mean_length",
                "response_length",
                "tokens",
                "Mean length of the responses, the closing token included."
            ),
            new("completion_length", "response_length", "tokens", "Mean length of the responses (old name)."),
            new("completions/clipped_ratio", "truncated", "", "Share of responses cut off by max_completion_length."),
            new(
                "completions/*_terminated_length",
                null,
                "tokens",
                "Length of responses that ended by themselves; 0 if none did."
            ),
            new("completions/*_length", null, "tokens", "Length of the responses."),
            new("clip_ratio/region_mean", "clip_fraction", "", "Share of tokens clipped at either bound."),
            new("clip_ratio", "clip_fraction", "", "Share of clipped tokens (old name)."),
            new("policy/clipfrac_avg", "clip_fraction", "", "Share of clipped tokens."),
            new("clip_ratio/*", null, "", "Share of tokens clipped at one of the bounds."),
            new("cispo_clip_ratio", "clip_fraction", "", "Share of tokens whose weight is cut off."),
            new("policy/approxkl_avg", null, "nats", "KL between old and new policy, estimated by k2."),
            new("loss/value_avg", "value_loss", "", "Error of the critic; minimised."),
            new("val/clipfrac_avg", null, "", "Share of value estimates held by the clip."),
            new("val/num_eos_tokens", null, "tokens", "Closing tokens in the batch."),
            new(
                "sampling/sampling_logp_difference/*",
                null,
                "nats",
                "|log π of the trainer − log π of the sampler| on sampled tokens."
            ),
            new("sampling/importance_sampling_ratio/*", null, "", "Probability under the trainer over that under the sampler."),
            new("rewards/chosen", null, "nats", "β times the log-ratio of the preferred response."),
            new("rewards/rejected", null, "nats", "β times the log-ratio of the other response."),
            new("rewards/margins", null, "nats", "How much further the preferred response was raised."),
            new("rewards/accuracies", null, "", "Share of pairs in which the preferred response is ahead."),
            new("rewards/*", null, "", "One of several reward functions."),
            new("logps/*", null, "nats", "Log-probability of whole responses."),
            new("logits/*", null, "", "Mean logit."),
            new("odds_ratio_loss", null, "", "ORPO's odds-ratio term."),
            new("log_odds_*", null, "nats", "ORPO's log odds."),
            new("nll_loss", null, "nats", "Negative log-likelihood of the preferred response; minimised."),
            new("sft_loss", null, "nats", "Negative log-likelihood of the preferred response; minimised."),
            new("mean_token_accuracy", null, "", "Share of tokens that would have been the most probable ones."),
            new("num_tokens", null, "tokens", "Running total of prompt and response tokens."),
            new("step_time", null, "s", "Seconds of the step."),
            new("grad_norm", "grad_norm", "", "Length of the gradient before clipping."),
            new("learning_rate", "learning_rate", "", "Size of the optimiser's step."),
            new("lr", "learning_rate", "", "Size of the optimiser's step."),
            new("epoch", null, "", "Passes over the data set."),
            new("tools/*_frequency", null, "", "Share of responses."),
            new("accuracy", null, "", "Share of pairs in which the preferred response is ahead."),
            new("eval_runtime", null, "s", "Seconds of the evaluation."),
            new("eval_*", null, "", "The same metric on evaluation data."),
        ];
}
