"""The GRPO objective and its gradient in PyTorch, on the numbers that UniPo wrote to a file.

Usage: evaluate.py FILE GROUPS GROUP LENGTH REPEATS
Prints one line: median milliseconds, loss, sum of |gradient|.
"""
import statistics
import sys
import time

import torch


def read(path, groups, group, length):
    rows = groups * group
    numbers = torch.frombuffer(bytearray(open(path, "rb").read()), dtype=torch.float64)
    now, old, ref, rest = torch.split(numbers, [rows * length] * 3 + [rows])
    return now.view(rows, length), old.view(rows, length), ref.view(rows, length), rest


def evaluate(now, old, ref, rewards, group, low=0.2, high=0.2, beta=0.04, eps=1e-6):
    by_group = rewards.view(-1, group)
    advantages = ((by_group - by_group.mean(1, keepdim=True)) / (by_group.std(1, keepdim=True) + eps)).view(-1, 1)
    ratio = torch.exp(now - old)
    policy = torch.min(ratio * advantages, ratio.clamp(1 - low, 1 + high) * advantages)
    apart = ref - now
    kl = torch.exp(apart) - apart - 1
    loss = -(policy - beta * kl).mean(1).mean()
    loss.backward()
    return loss


def main():
    path, (groups, group, length, repeats) = sys.argv[1], map(int, sys.argv[2:6])
    torch.set_num_threads(1)
    now, old, ref, rewards = read(path, groups, group, length)
    times = []
    for _ in range(repeats):
        leaf = now.clone().requires_grad_(True)
        start = time.thread_time()
        loss = evaluate(leaf, old, ref, rewards, group)
        times.append(time.thread_time() - start)
    print(repr(statistics.median(times) * 1e3), repr(loss.item()), repr(leaf.grad.abs().sum().item()))


main()
