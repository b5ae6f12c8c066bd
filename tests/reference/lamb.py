"""LAMB and its schedule in NumPy, after google-research/albert.

Follows `lamb_optimizer.py` and `optimization.py` `create_optimizer` there,
in 32 bits. Names are Google's; what they are excluded by is too.
"""

import re

import numpy as np

EXCLUDED = ("LayerNorm", "layer_norm", "bias")


def clip_by_global_norm(gradients, clip_norm=1.0):
    """Returns the gradients scaled to a global norm of at most clip_norm."""
    norm = np.sqrt(sum(np.sum(np.square(g)) for g in gradients))
    return [g * np.float32(clip_norm / max(norm, clip_norm)) for g in gradients]


def lamb_step(
    name, param, grad, m, v, learning_rate, weight_decay_rate=0.01,
    beta_1=0.9, beta_2=0.999, epsilon=1e-6,
):  # fmt: skip
    """Returns the next (param, m, v) of one variable."""
    is_excluded = any(re.search(pattern, name) for pattern in EXCLUDED)
    next_m = np.float32(beta_1) * m + np.float32(1.0 - beta_1) * grad
    next_v = np.float32(beta_2) * v + np.float32(1.0 - beta_2) * grad**2
    update = next_m / (np.sqrt(next_v) + np.float32(epsilon))
    ratio = np.float32(1.0)
    if not is_excluded:
        update = update + np.float32(weight_decay_rate) * param
        w_norm, g_norm = np.linalg.norm(param), np.linalg.norm(update)
        if w_norm > 0 and g_norm > 0:
            ratio = w_norm / g_norm
    step = ratio * np.float32(learning_rate) * update
    return param - step, next_m, next_v


def learning_rate(step, init_lr, num_train_steps, num_warmup_steps, power=1.0):
    """Returns the rate of a step, as `create_optimizer` computes it."""
    done = min(step, num_train_steps) / num_train_steps
    decayed = init_lr * (1.0 - done) ** power
    if num_warmup_steps and step < num_warmup_steps:
        return init_lr * step / num_warmup_steps
    return decayed
