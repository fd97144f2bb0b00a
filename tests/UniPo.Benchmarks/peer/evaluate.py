"""Every objective of UniPo's table in PyTorch, with its gradient, on the numbers that UniPo wrote to a file.

Usage: evaluate.py FILE GROUPS GROUP LENGTH REPEATS
Prints one line for each algorithm: name, median milliseconds of loss and gradient, loss, sum of |gradient|, separated by tabs.
"""
import statistics
import sys
import time

import torch

COLUMNS = ["now", "old", "ref", "values", "old_values", "dropped"]
PER_RESPONSE = ["rewards", "parts0", "parts1", "sure0", "sure1", "greedy"]


class Batch:
    def __init__(self, path, groups, group, length):
        self.groups, self.group, self.length, self.rows = groups, group, length, groups * group
        numbers = torch.frombuffer(bytearray(open(path, "rb").read()), dtype=torch.float64)
        sizes = [self.rows * length] * len(COLUMNS) + [self.rows] * len(PER_RESPONSE)
        for name, part in zip(COLUMNS + PER_RESPONSE, torch.split(numbers, sizes)):
            setattr(self, name, part.view(self.rows, length) if name in COLUMNS else part)

    def leaf(self):
        self.policy = self.now.clone().requires_grad_(True)
        self.critic = self.values.clone().requires_grad_(True)


def in_groups(b, rewards):
    return rewards.view(b.groups, b.group)


def z_scores(b, rewards, eps=1e-6):
    r = in_groups(b, rewards)
    return ((r - r.mean(1, keepdim=True)) / (r.std(1, keepdim=True) + eps)).view(-1, 1)


def centred(b, rewards):
    r = in_groups(b, rewards)
    return (r - r.mean(1, keepdim=True)).view(-1, 1)


def leave_one_out(b, rewards):
    r = in_groups(b, rewards)
    return (r - (r.sum(1, keepdim=True) - r) / (b.group - 1)).view(-1, 1)


def whitened(x, eps=1e-8):
    return (x - x.mean()) * torch.rsqrt(x.var() + eps)


def reward_to_go(token_rewards):
    return token_rewards.flip(1).cumsum(1).flip(1)


def paid_rewards(b, beta):
    rewards = -beta * (b.old - b.ref)
    rewards[:, -1] += b.rewards
    return rewards


def gae(b, rewards, gamma=1.0, lam=0.95):
    advantages, last = torch.zeros_like(rewards), torch.zeros(b.rows, dtype=torch.float64)
    for t in reversed(range(b.length)):
        following = b.old_values[:, t + 1] if t + 1 < b.length else 0.0
        last = rewards[:, t] + gamma * following - b.old_values[:, t] + gamma * lam * last
        advantages[:, t] = last
    return whitened(advantages), advantages + b.old_values


def clipped(ratio, a, low=0.2, high=0.2):
    return torch.min(ratio * a, ratio.clamp(1 - low, 1 + high) * a)


def k3(b):
    apart = b.ref - b.policy
    return torch.exp(apart) - apart - 1


def ratio(b):
    return torch.exp(b.policy - b.old)


def value_loss(b, targets, clip):
    error = (b.critic - targets) ** 2
    if clip is not None:
        error = torch.max(error, (b.old_values + (b.critic - b.old_values).clamp(-clip, clip) - targets) ** 2)
    return 0.5 * error.mean()


def per_response(x):
    return x.mean(1).mean()


def sum_of_response(x):
    return x.sum(1).mean()


def gmpo(b):
    a, d = z_scores(b, b.rewards), b.policy - b.old
    held = torch.where(a > 0, d.clamp(max=0.4), torch.where(a < 0, d.clamp(min=-0.4), d))
    return -(torch.exp(held.mean(1, keepdim=True)) * a).mean()


def sapo(b):
    a, r = z_scores(b, b.rewards), ratio(b)
    tau = torch.where(a > 0, torch.ones_like(a), torch.full_like(a, 1.05))
    return -per_response(a * 4 / tau * torch.sigmoid(tau * (r - 1)))


def covariance(b, a):
    a = a.expand_as(b.now)
    return (a - a.mean()) * (b.policy.detach() - b.policy.detach().mean())


def clip_cov(b):
    a, r = z_scores(b, b.rewards), ratio(b)
    free, bound = r * a, r.clamp(0.8, 1.2) * a
    cov = covariance(b, a)
    candidates = torch.nonzero(~(bound < free) & (cov > 1) & (cov < 5))
    candidates[torch.randperm(len(candidates))[: max(1, int(2e-4 * b.now.numel()))]]  # the draw costs time; the tokens are those UniPo drew
    return -((1 - b.dropped) * torch.min(free, bound)).mean()


def kl_cov(b):
    a, d = z_scores(b, b.rewards), b.policy - b.old
    top = torch.topk(covariance(b, a).flatten(), max(1, int(2e-4 * b.now.numel()))).indices
    price = torch.zeros(b.now.numel(), dtype=torch.float64)
    price[top] = 1.0
    return -(torch.exp(d) * a - price.view_as(d) * d.abs()).mean()


def gspo(b):
    a = z_scores(b, b.rewards)
    s = torch.exp((b.policy - b.old).mean(1, keepdim=True))
    return -clipped(s, a, 3e-4, 4e-4).mean()


def cispo(b):
    return -(ratio(b).clamp(max=5).detach() * z_scores(b, b.rewards) * b.policy).mean()


def grape(b):
    total = torch.zeros(b.groups, 1, dtype=torch.float64)
    weighed = torch.zeros(b.groups, b.group, dtype=torch.float64)
    for part, sure in ((b.parts0, b.sure0), (b.parts1, b.sure1)):
        weight = in_groups(b, sure).mean(1, keepdim=True)
        total, weighed = total + weight, weighed + weight * in_groups(b, part)
    return -per_response(clipped(ratio(b), z_scores(b, (weighed / total).flatten())))


def opo(b):
    return -(centred(b, b.rewards) * b.policy).mean()  # all lengths are equal here, so weights are, too


def rejection(b):
    chosen = (b.rewards >= 1).double().view(-1, 1)
    return -(chosen * b.policy).sum() / (chosen.sum() * b.length)


def pairs(b):
    r = in_groups(b, b.rewards)
    best, worst = r.argmax(1), r.argmin(1)
    use = r.gather(1, best.view(-1, 1)).flatten() > r.gather(1, worst.view(-1, 1)).flatten()
    first = torch.arange(b.groups) * b.group
    moved = (b.policy - b.ref).sum(1)
    return (moved[first + best] - moved[first + worst])[use]


ALGORITHMS = {
    "SFT": lambda b: -b.policy.mean(),
    "Rejection sampling": rejection,
    "REINFORCE": lambda b: -sum_of_response(b.rewards.view(-1, 1) * b.policy),
    "REINFORCE with baseline": lambda b: -sum_of_response((b.rewards - b.rewards.mean()).view(-1, 1) * b.policy),
    "RLOO": lambda b: -sum_of_response(leave_one_out(b, b.rewards - 0.05 * (b.old - b.ref).sum(1)) * b.policy),
    "ReMax": lambda b: -sum_of_response((reward_to_go(paid_rewards(b, 0.05)) - b.greedy.view(-1, 1)) * b.policy),
    "REINFORCE++": lambda b: -clipped(ratio(b), whitened(reward_to_go(paid_rewards(b, 0.01)))).mean(),
    "OPO": opo,
    "TRPO": lambda b: (lambda a, targets: -(ratio(b) * a).mean() + value_loss(b, targets, None))(*gae(b, paid_rewards(b, 0.0))),
    "PPO": lambda b: (lambda a, targets: -clipped(ratio(b), a).mean() + value_loss(b, targets, 0.2))(*gae(b, paid_rewards(b, 0.05))),
    "GRPO": lambda b: -per_response(clipped(ratio(b), z_scores(b, b.rewards)) - 0.04 * k3(b)),
    "DAPO": lambda b: -clipped(ratio(b), z_scores(b, b.rewards), 0.2, 0.28).mean(),
    "Dr. GRPO": lambda b: -(clipped(ratio(b), centred(b, b.rewards)).sum(1) / b.length).mean(),
    "BNPO": lambda b: -clipped(ratio(b), z_scores(b, b.rewards)).mean(),
    "GSPO": gspo,
    "CISPO": cispo,
    "GMPO": gmpo,
    "SAPO": sapo,
    "Clip-Cov": clip_cov,
    "KL-Cov": kl_cov,
    "DPO": lambda b: -torch.nn.functional.logsigmoid(0.1 * pairs(b)).mean(),
    "IPO": lambda b: ((pairs(b) - 5) ** 2).mean(),
    "GRAPE (our interpretation)": grape,
}


def main():
    torch.set_num_threads(1)
    batch, repeats = Batch(sys.argv[1], *map(int, sys.argv[2:5])), int(sys.argv[5])
    for name, objective in ALGORITHMS.items():
        times = []
        for n in range(repeats + 10):
            batch.leaf()
            start = time.thread_time()
            loss = objective(batch)
            loss.backward()
            if n >= 10:
                times.append(time.thread_time() - start)
        gradient = sum(x.grad.abs().sum().item() for x in (batch.policy, batch.critic) if x.grad is not None)
        print(name, repr(statistics.median(times) * 1e3), repr(loss.item()), repr(gradient), sep="\t", flush=True)


main()
