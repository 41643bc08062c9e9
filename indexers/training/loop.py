"""The optimisation, in steps that can be stopped and gone on with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from indexers.training.objective import loss

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from indexers.training.recipe import Recipe
    from indexers.training.sampling import Sampler
    from indexers.training.states import States
    from indexers.training.upper import UpperLayers
    from rag.encoders.families.heads.layers import Heads

SAVE_EVERY = 50


@dataclass(frozen=True)
class Trainer:
    """What is trained, on what, and where a stopped run is kept."""

    recipe: Recipe
    upper: UpperLayers
    heads: Heads
    asked: Sampler
    cropped: Sampler
    passages: States
    checkpoint: Path

    def run(self) -> Iterator[tuple[int, float]]:
        """Take all steps that are left; gives (steps done, mean loss) now and then."""
        optimizer, source = self._optimizer(), np.random.default_rng(self.recipe.seed)
        first = self._restore(optimizer, source)
        losses = []
        for step in range(first, self.recipe.steps):
            losses.append(self._step(step, optimizer, source))
            if (step + 1) % SAVE_EVERY == 0 or step + 1 == self.recipe.steps:
                self._save(step + 1, optimizer, source)
                yield step + 1, float(np.mean(losses))
                losses.clear()

    def _step(self, step: int, optimizer: torch.optim.Optimizer, source: Any) -> float:
        for group in optimizer.param_groups:
            group["lr"] = group["base"] * self._schedule(step)
        sampler = self.cropped if source.random() < self.recipe.pseudo else self.asked
        sample = sampler.draw(self.recipe.batch, self.recipe.negatives, source)
        value = loss(
            self.recipe,
            self.heads,
            self.upper.encode(sampler.states.batch(sample.questions)),
            self.upper.encode(self.passages.batch(sample.passages)),
            sample.targets,
            sample.not_negative,
        )
        optimizer.zero_grad()
        torch.autograd.backward(value)
        optimizer.step()
        return float(value.detach())

    def _schedule(self, step: int) -> float:
        """Warm up, then fall to nothing, linearly."""
        return min(1.0, step / self.recipe.warm_up) * (1 - step / self.recipe.steps)

    def _optimizer(self) -> torch.optim.Optimizer:
        priors = [p for name, p in self.heads.named_parameters() if name.endswith("prior")]
        others = [p for name, p in self.heads.named_parameters() if not name.endswith("prior")]
        adapter = [p for p in self.upper.parameters() if p.requires_grad]
        rates = (
            (adapter, self.recipe.adapter_rate),
            (others, self.recipe.head_rate),
            (priors, self.recipe.prior_rate),
        )
        groups = [{"params": params, "lr": rate, "base": rate} for params, rate in rates]
        return torch.optim.AdamW(groups, weight_decay=0.0)

    def _save(self, done: int, optimizer: torch.optim.Optimizer, source: Any) -> None:
        unfinished = self.checkpoint.with_suffix(".unfinished")
        state = {
            "done": done,
            "upper": self.upper.state_dict(),
            "heads": self.heads.state_dict(),
            "optimizer": optimizer.state_dict(),
            "source": source.bit_generator.state,
        }
        torch.save(state, unfinished)
        unfinished.replace(self.checkpoint)

    def _restore(self, optimizer: torch.optim.Optimizer, source: Any) -> int:
        if not self.checkpoint.exists():
            return 0
        state = torch.load(self.checkpoint, weights_only=True)
        self.upper.load_state_dict(state["upper"])
        self.heads.load_state_dict(state["heads"])
        optimizer.load_state_dict(state["optimizer"])
        source.bit_generator.state = state["source"]
        return int(state["done"])
