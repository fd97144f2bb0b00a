"""The PyTorch twin: the same tiny transformer and the same GRPO step as UniPo, to measure UniPo against.

Architecture: Llama style (RMSNorm, rotary positions in the rotate-half convention, SwiGLU, causal attention, untied head, no biases).
A step: rollout with a key-value cache, reward, group advantage, reference log-probs, then two passes of forward, clipped surrogate
+ 0.04 k3, backward, gradient norm clipping and AdamW.

--impl kit    as small teaching kits write it: nn.Module, multinomial, log_softmax + gather on all positions, torch.optim.AdamW,
              clip_grad_norm_, old log-probs recomputed, every sample prefilled on its own
--impl fast   the same maths, tuned: prompt prefilled once per group, inference_mode, inverse-CDF sampling, head on response positions
              only, fused cross_entropy, old log-probs of the first pass, flat AdamW and clipping, lengths padded to a multiple of 8
--jit 1       TorchScript decoding loop; --jit 2 also a TorchScript forward pass
--rope 1      rotation by complex numbers (rows of Wq and Wk permuted at loading), else by two products

Commands come as JSON lines on stdin, answers go as JSON lines to stdout; see serve().
"""
import argparse, json, math, struct, sys, time
from typing import List

parser = argparse.ArgumentParser()
parser.add_argument('--impl', default='fast', choices=['fast', 'kit'])
parser.add_argument('--jit', type=int, default=0)
parser.add_argument('--rope', type=int, default=0)
parser.add_argument('--threads', type=int, default=1)
parser.add_argument('--pad', type=int, default=8)
parser.add_argument('--shape', required=True, help='layers,width,heads,hidden,vocabulary,prompts,group,prompt tokens,response tokens')
parser.add_argument('--theta', type=float, default=10000.0)
parser.add_argument('--eps', type=float, default=1e-5)
parser.add_argument('--lr', type=float, default=1e-4)
args = parser.parse_args()

import torch, torch.nn as nn, torch.nn.functional as F

torch.set_num_threads(args.threads)
L, d, H, hidden, V, P, G, plen, rlen = [int(x) for x in args.shape.split(',')]
hd, B, T = d // H, P * G, plen + rlen
FAST = args.impl == 'fast'
scale, beta, clip_eps = 1 / math.sqrt(hd), 0.04, 0.2

angles = torch.outer(torch.arange(T + args.pad, dtype=torch.float64), args.theta ** (-torch.arange(0, hd, 2, dtype=torch.float64) / hd))
COS, SIN = torch.cat([angles.cos()] * 2, 1).float(), torch.cat([-angles.sin(), angles.sin()], 1).float()
TURN = torch.polar(torch.ones_like(angles), angles).to(torch.complex64)
MASK = torch.full((T + args.pad, T + args.pad), float('-inf')).triu(1)


def rotate(x, first: int, t: int, cos, sin):
    """x [..., t, hd]; the sine's sign is negative in the first half."""
    half = x.size(-1) // 2
    turned = torch.cat([x[..., half:], x[..., :half]], -1)
    return torch.addcmul(x * cos[first:first + t], turned, sin[first:first + t])


def rotate_complex(x, first, t):
    return torch.view_as_real(torch.view_as_complex(x.reshape(*x.shape[:-1], hd // 2, 2)) * TURN[first:first + t]).flatten(-2)


def turn(x, first, t):
    return rotate_complex(x, first, t) if args.rope else rotate(x, first, t, COS, SIN)


class RmsFunction(torch.autograd.Function):
    """RMSNorm with a backward pass by hand: fewer passes over memory than autograd's."""

    @staticmethod
    def forward(ctx, x, weight):
        inverse = torch.rsqrt(torch.linalg.vector_norm(x, dim=-1, keepdim=True).square_().mul_(1 / x.size(-1)).add_(args.eps))
        normed = x * inverse
        ctx.save_for_backward(normed, inverse, weight)
        return normed * weight

    @staticmethod
    def backward(ctx, dy):
        normed, inverse, weight = ctx.saved_tensors
        dn = dy * weight
        dot = (dn * normed).mean(-1, keepdim=True)
        dw = (dy * normed).reshape(-1, dy.size(-1)).sum(0)
        return dn.addcmul_(normed, dot, value=-1).mul_(inverse), dw


class Norm(nn.Module):
    def __init__(s):
        super().__init__(); s.weight = nn.Parameter(torch.ones(d))

    def forward(s, x):
        if FAST: return RmsFunction.apply(x, s.weight)
        return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + args.eps) * s.weight


class Block(nn.Module):
    def __init__(s):
        super().__init__()
        s.n1, s.n2 = Norm(), Norm()
        s.qkv, s.o = nn.Linear(d, 3 * d, bias=False), nn.Linear(d, d, bias=False)
        s.gu, s.down = nn.Linear(d, 2 * hidden, bias=False), nn.Linear(hidden, d, bias=False)

    def gated(s, x):
        g, u = s.gu(s.n2(x)).chunk(2, -1)
        return s.down(F.silu(g) * u)

    def heads(s, x):
        b, t, _ = x.shape
        q, k, v = s.qkv(s.n1(x)).view(b, t, 3, H, hd).permute(2, 0, 3, 1, 4)
        return turn(q, 0, t), turn(k, 0, t), v

    def forward(s, x, mask):
        b, t, _ = x.shape
        q, k, v = s.heads(x)
        if FAST:
            q, k, v = q.reshape(b * H, t, hd), k.reshape(b * H, t, hd), v.reshape(b * H, t, hd)
            a = torch.baddbmm(mask, q, k.transpose(1, 2), alpha=scale).softmax(-1)
            y = torch.bmm(a, v).view(b, H, t, hd)
        else:
            y = ((q @ k.transpose(-2, -1)) * scale + mask).softmax(-1) @ v
        x = x + s.o(y.transpose(1, 2).reshape(b, t, d))
        return x + s.gated(x)

    def prefill(s, x, mask, kc, vc):
        b, t, _ = x.shape
        q, k, v = s.heads(x)
        y = ((q @ k.transpose(-2, -1)) * scale + mask).softmax(-1) @ v
        if args.jit:
            if args.rope:  # the scripted decoding keeps rotary partners in halves, not as neighbours
                k = k.unflatten(-1, (hd // 2, 2)).transpose(-1, -2).flatten(-2)
            kk, vv, r = k.permute(2, 0, 1, 3), v.permute(2, 0, 1, 3), B // b
            kc[:t], vc[:t] = (kk.repeat_interleave(r, 1), vv.repeat_interleave(r, 1)) if r > 1 else (kk, vv)
        else:
            r = B // b
            kc[:, :, :t], vc[:, :, :t] = (k.repeat_interleave(r, 0), v.repeat_interleave(r, 0)) if r > 1 else (k, v)
        x = x + s.o(y.transpose(1, 2).reshape(b, t, d))
        return x + s.gated(x)

    def decode(s, x, pos: int, kc, vc):
        b = x.shape[0]
        q, k, v = s.qkv(s.n1(x)).view(b, 3, H, 1, hd).unbind(1)
        q, k = turn(q, pos, 1), turn(k, pos, 1)
        kc[:, :, pos:pos + 1], vc[:, :, pos:pos + 1] = k, v
        a = ((q @ kc[:, :, :pos + 1].transpose(-2, -1)) * scale).softmax(-1)
        x = x + s.o((a @ vc[:, :, :pos + 1]).reshape(b, d))
        return x + s.gated(x)


class Model(nn.Module):
    def __init__(s):
        super().__init__()
        s.te, s.bl, s.nf, s.head = nn.Embedding(V, d), nn.ModuleList(Block() for _ in range(L)), Norm(), nn.Linear(d, V, bias=False)

    def hidden(s, tok, mask):
        x = s.te(tok)
        for b in s.bl: x = b(x, mask)
        return x

    def forward(s, tok, mask): return s.head(s.nf(s.hidden(tok, mask)))


def read_safetensors(path):
    with open(path, 'rb') as f: raw = f.read()
    n, = struct.unpack('<Q', raw[:8])
    out = {}
    for name, e in json.loads(raw[8:8 + n]).items():
        if name == '__metadata__': continue
        a, b = e['data_offsets']
        out[name] = torch.frombuffer(bytearray(raw[8 + n + a:8 + n + b]), dtype=torch.float32).view(e['shape']).clone()
    return out


def paired(w):
    """Rows of Wq or Wk so that rotary partners are neighbours, for rotation by complex numbers."""
    return w.view(H, 2, hd // 2, d).transpose(1, 2).reshape(d, d) if args.rope else w


def load(model, path):
    t = read_safetensors(path)
    with torch.no_grad():
        model.te.weight.copy_(t['model.embed_tokens.weight']); model.nf.weight.copy_(t['model.norm.weight'])
        model.head.weight.copy_(t['lm_head.weight'])
        for i, b in enumerate(model.bl):
            g = lambda n: t['model.layers.%d.%s.weight' % (i, n)]
            b.n1.weight.copy_(g('input_layernorm')); b.n2.weight.copy_(g('post_attention_layernorm'))
            b.qkv.weight.copy_(torch.cat([paired(g('self_attn.q_proj')), paired(g('self_attn.k_proj')), g('self_attn.v_proj')]))
            b.o.weight.copy_(g('self_attn.o_proj')); b.down.weight.copy_(g('mlp.down_proj'))
            b.gu.weight.copy_(torch.cat([g('mlp.gate_proj'), g('mlp.up_proj')]))


torch.manual_seed(1)
pol, ref = Model(), Model()
for p in ref.parameters(): p.requires_grad_(False)
params = list(pol.parameters())
if FAST:  # one flat buffer for parameters, gradients and moments
    flat = torch.cat([p.data.view(-1) for p in params]); gflat, m1, m2, tmp = [torch.zeros_like(flat) for _ in range(4)]
    tstep, o = [0], 0
    for p in params:
        n = p.numel(); p.data = flat[o:o + n].view_as(p); p.grad = gflat[o:o + n].view_as(p); o += n

    def zero(): gflat.zero_()

    def opt_step(lr=args.lr, b1=.9, b2=.999, eps=1e-8, wd=.01, maxn=1.0):
        with torch.no_grad():
            c = maxn / (float(gflat.norm()) + 1e-6)
            if c < 1: gflat.mul_(c)
            tstep[0] += 1; t = tstep[0]
            m1.mul_(b1).add_(gflat, alpha=1 - b1); m2.mul_(b2).addcmul_(gflat, gflat, value=1 - b2)
            flat.mul_(1 - lr * wd); torch.sqrt(m2, out=tmp); tmp.div_(math.sqrt(1 - b2 ** t)).add_(eps)
            flat.addcdiv_(m1, tmp, value=-lr / (1 - b1 ** t))
else:
    opt = torch.optim.AdamW(params, lr=args.lr, weight_decay=.01)

    def zero(): opt.zero_grad(set_to_none=True)

    def opt_step(): nn.utils.clip_grad_norm_(params, 1.0); opt.step()

if args.jit:
    KC, VC = [torch.zeros(T, B, H, hd) for _ in range(L)], [torch.zeros(T, B, H, hd) for _ in range(L)]

    def _rms(x: torch.Tensor, w: torch.Tensor, eps: float) -> torch.Tensor:
        return x * torch.rsqrt((x * x).mean(-1, True).add_(eps)) * w

    def _rot(x: torch.Tensor, cos: torch.Tensor, sin: torch.Tensor) -> torch.Tensor:
        half = x.size(-1) // 2
        return torch.addcmul(x * cos, torch.cat([x[..., half:], x[..., :half]], -1), sin)

    rms_, rot_ = torch.jit.script(_rms), torch.jit.script(_rot)

    def _dec(tok: torch.Tensor, pos: int, te: torch.Tensor, cos: torch.Tensor, sin: torch.Tensor, W: List[torch.Tensor],
             KC: List[torch.Tensor], VC: List[torch.Tensor], H: int, hd: int, scale: float, eps: float) -> torch.Tensor:
        b = tok.shape[0]; x = torch.embedding(te, tok); d = H * hd; L = len(KC)
        for l in range(L):
            o = l * 6; kc = KC[l]; vc = VC[l]  # (T, B, H, hd)
            qkv = torch.mm(rms_(x, W[o], eps), W[o + 1]).view(b, 3, H, hd)
            qk = rot_(qkv[:, :2], cos[pos], sin[pos])
            kc[pos].copy_(qk[:, 1]); vc[pos].copy_(qkv[:, 2])
            a = torch.softmax((kc[:pos + 1] * (qk[:, 0] * scale)).sum(-1), 0)
            y = (a.unsqueeze(3) * vc[:pos + 1]).sum(0).view(b, d)
            x = torch.addmm(x, y, W[o + 2])
            g, u = torch.mm(rms_(x, W[o + 3], eps), W[o + 4]).chunk(2, -1)
            x = torch.addmm(x, torch.nn.functional.silu(g) * u, W[o + 5])
        return torch.mm(rms_(x, W[L * 6], eps), W[L * 6 + 1])
    jit_dec = torch.jit.script(_dec)

    def _loop(out: torch.Tensor, lg: torch.Tensor, plen: int, rlen: int, te: torch.Tensor, cos: torch.Tensor, sin: torch.Tensor,
              W: List[torch.Tensor], KC: List[torch.Tensor], VC: List[torch.Tensor], H: int, hd: int, scale: float, eps: float) -> torch.Tensor:
        V = te.size(0); U = torch.rand(rlen, out.size(0), 1)
        for s in range(rlen):
            t = (torch.cumsum(torch.softmax(lg, -1), -1) < U[s]).sum(-1).clamp_(max=V - 1)
            out[:, plen + s] = t
            if s + 1 < rlen: lg = jit_dec(t, plen + s, te, cos, sin, W, KC, VC, H, hd, scale, eps)
        return out
    jit_loop = torch.jit.script(_loop)

    def halves(w):  # the scripted decoding rotates by halves, so it undoes the pairing of Wq and Wk
        return w.view(H, hd // 2, 2, d).transpose(1, 2).reshape(d, d) if args.rope else w

    def jit_weights():
        W = []
        for b in pol.bl:
            q, k, v = b.qkv.weight.split(d)
            W += [b.n1.weight, torch.cat([halves(q), halves(k), v]).t(), b.o.weight.t(), b.n2.weight, b.gu.weight.t(), b.down.weight.t()]
        return [w.detach().contiguous() for w in W + [pol.nf.weight, pol.head.weight.t()]]
else:
    KC, VC = [torch.zeros(B, H, T, hd) for _ in range(L)], [torch.zeros(B, H, T, hd) for _ in range(L)]

if args.jit > 1:
    def _fwd(tok: torch.Tensor, te: torch.Tensor, W: List[torch.Tensor], mask: torch.Tensor, cos: torch.Tensor, sin: torch.Tensor,
             L: int, H: int, hd: int, scale: float, eps: float) -> torch.Tensor:
        b = tok.size(0); t = tok.size(1); d = H * hd; x = torch.embedding(te, tok)
        for l in range(L):
            o = l * 6
            n = x * torch.rsqrt(x.pow(2).mean(-1, True) + eps) * W[o]
            qkv = torch._C._nn.linear(n, W[o + 1]).view(b, t, 3, H, hd).permute(2, 0, 3, 1, 4)
            qk = rot_(qkv[:2], cos[:t], sin[:t])
            q = qk[0].reshape(b * H, t, hd); k = qk[1].reshape(b * H, t, hd); v = qkv[2].reshape(b * H, t, hd)
            a = torch.softmax(torch.baddbmm(mask, q, k.transpose(1, 2), beta=1.0, alpha=scale), -1)
            y = torch.bmm(a, v).view(b, H, t, hd).transpose(1, 2).reshape(b, t, d)
            x = x + torch._C._nn.linear(y, W[o + 2])
            n = x * torch.rsqrt(x.pow(2).mean(-1, True) + eps) * W[o + 3]
            g, u = torch._C._nn.linear(n, W[o + 4]).chunk(2, -1)
            x = x + torch._C._nn.linear(torch.nn.functional.silu(g) * u, W[o + 5])
        return x
    jit_fwd = torch.jit.script(_fwd)

    def weight_list(m): return sum([[b.n1.weight, b.qkv.weight, b.o.weight, b.n2.weight, b.gu.weight, b.down.weight] for b in m.bl], [])
    Model.hidden = lambda s, tok, mask: jit_fwd(tok, s.te.weight, weight_list(s), mask, COS, SIN, L, H, hd, scale, args.eps)


def rollout(prompts):
    with (torch.inference_mode() if FAST else torch.no_grad()):
        out = torch.empty(B, T, dtype=torch.long); out[:, :plen] = prompts.repeat_interleave(G, 0)
        x = pol.te(prompts if FAST else out[:, :plen])
        for i, b in enumerate(pol.bl): x = b.prefill(x, MASK[:plen, :plen], KC[i], VC[i])
        lg = pol.head(pol.nf(x[:, -1]))
        if FAST: lg = lg.repeat_interleave(G, 0)
        if args.jit: return jit_loop(out, lg, plen, rlen, pol.te.weight, COS, SIN, jit_weights(), KC, VC, H, hd, scale, args.eps)
        for s in range(rlen):
            p = lg.softmax(-1)
            t = (p.cumsum(-1) < torch.rand(B, 1)).sum(-1).clamp_(max=V - 1) if FAST else torch.multinomial(p, 1).squeeze(1)
            out[:, plen + s] = t
            if s + 1 < rlen:
                x = pol.te(t)
                for i, b in enumerate(pol.bl): x = b.decode(x, plen + s, KC[i], VC[i])
                lg = pol.head(pol.nf(x))
        return out


def logps(model, tok):
    if FAST:  # the causal mask makes the padded tail harmless
        tin = T - 1
        tin = min(T, -(-tin // args.pad) * args.pad) if args.pad > 1 else tin
        h = model.hidden(tok[:, :tin], MASK[:tin, :tin])[:, plen - 1:T - 1]
        return -F.cross_entropy(model.head(model.nf(h.reshape(-1, d))), tok[:, plen:].reshape(-1), reduction='none').view(B, rlen)
    lg = model(tok[:, :-1], MASK[:T - 1, :T - 1])
    return torch.log_softmax(lg, -1).gather(2, tok[:, 1:, None]).squeeze(2)[:, plen - 1:]


def advantages(tok):  # reward: share of response tokens equal to the prompt's first token
    rw = (tok[:, plen:] == tok[:, :1]).float().mean(1).view(P, G)
    return ((rw - rw.mean(1, keepdim=True)) / (rw.std(1, keepdim=True) + 1e-4)).view(B, 1)


def loss_fn(lp, old, rlp, adv):
    r, dl = torch.exp(lp - old), rlp - lp
    pg = torch.min(r * adv, r.clamp(1 - clip_eps, 1 + clip_eps) * adv)
    return -(pg - beta * (torch.exp(dl) - dl - 1)).mean()


def grpo_step():
    tok = rollout(torch.randint(0, V, (P, plen)))
    if FAST: tok = tok.clone()
    adv = advantages(tok)
    with torch.no_grad():
        rlp = logps(ref, tok); old = None if FAST else logps(pol, tok)
    for _ in range(2):
        zero(); lp = logps(pol, tok)
        if old is None: old = lp.detach()
        loss_fn(lp, old, rlp, adv).backward(); opt_step()


def serve():
    fixed = rollout(torch.randint(0, V, (P, plen))).clone()
    adv = torch.randn(B, 1)

    def forward_backward():
        zero(); lp = logps(pol, fixed); loss_fn(lp, lp.detach(), lp.detach(), adv).backward()
    work = {'step': grpo_step, 'rollout': lambda: rollout(fixed[::G, :plen]), 'forward-backward': forward_backward}
    print(json.dumps({'torch': torch.__version__, 'parameters': sum(p.numel() for p in params)}), flush=True)
    for line in sys.stdin:
        c = json.loads(line)
        if c['command'] == 'load':
            load(pol, c['policy']); load(ref, c['reference']); answer = {}
        elif c['command'] == 'score':  # log-probs of given sequences under both models; loss and gradient norm of one pass
            tok = torch.tensor(c['tokens']); old = torch.tensor(c['old'])
            zero(); lp = logps(pol, tok); rlp = logps(ref, tok).detach()
            loss = loss_fn(lp, old, rlp, advantages(tok)); loss.backward()
            norm = math.sqrt(sum(float(p.grad.double().square().sum()) for p in params))
            answer = {'logProbs': lp.flatten().tolist(), 'reference': rlp.flatten().tolist(), 'loss': loss.item(), 'gradientNorm': norm}
        elif c['command'] == 'decode':  # teacher-forced decoding with the cache: log-probs of given responses
            answer = {'logProbs': decode_given(torch.tensor(c['tokens']))}
        else:
            times = []
            for _ in range(c['times']):
                t = time.perf_counter(); work[c['command']](); times.append((time.perf_counter() - t) * 1e3)
            answer = {'milliseconds': times}
        print(json.dumps(answer), flush=True)


def decode_given(tok):
    with torch.no_grad():
        x = pol.te(tok[::G, :plen] if FAST else tok[:, :plen])
        for i, b in enumerate(pol.bl): x = b.prefill(x, MASK[:plen, :plen], KC[i], VC[i])
        lg, out = pol.head(pol.nf(x[:, -1])), []
        if FAST: lg = lg.repeat_interleave(G, 0)
        W = jit_weights() if args.jit else None
        for s in range(rlen):
            out.append(torch.log_softmax(lg, -1).gather(1, tok[:, plen + s, None]))
            if s + 1 < rlen:
                if args.jit: lg = jit_dec(tok[:, plen + s], plen + s, pol.te.weight, COS, SIN, W, KC, VC, H, hd, scale, args.eps); continue
                x = pol.te(tok[:, plen + s])
                for i, b in enumerate(pol.bl): x = b.decode(x, plen + s, KC[i], VC[i])
                lg = pol.head(pol.nf(x))
        return torch.cat(out, 1).flatten().tolist()


serve()
