"""A whole training run: read, compute states once, mine, optimise, save."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch

from indexers.training.export import save_heads
from indexers.training.held_out import reciprocal_ranks
from indexers.training.loop import Trainer
from indexers.training.negatives import mine
from indexers.training.passages import Passages, Question, read_pairs, split_groups
from indexers.training.pseudo import joined, read_unlabelled, topical_questions
from indexers.training.sampling import Sampler
from indexers.training.start import initial_heads
from indexers.training.states import cached_states
from indexers.training.upper import UpperLayers
from rag.encoders.catalogue.architectures import BERT
from rag.encoders.catalogue.models import MINILM
from rag.encoders.families.heads.model import load_words
from rag.encoders.families.tokenizer import TextTokenizer
from rag.encoders.runtime.backbone import BackboneSource
from rag.encoders.runtime.choice import load_with_runtime
from rag.encoders.weights.find import find_weights

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from indexers.training.recipe import Recipe
    from indexers.training.states import States
    from rag.encoders.families.heads.layers import Heads
    from rag.settings import EncoderSettings

HELD_OUT_QUESTIONS = 400


@dataclass(frozen=True, slots=True)
class Texts:
    """All passages, and three kinds of questions about them."""

    passages: Passages
    asked: list[Question]
    cropped: list[Question]
    held_out: list[Question]
    held_out_passages: list[int]


@dataclass(frozen=True)
class TrainingRun:
    """`work` keeps states and checkpoint; the same command goes on from there.

    `say` hears one line of progress at a time.
    """

    recipe: Recipe
    pairs: Path
    unlabelled: tuple[Path, ...]
    work: Path
    settings: EncoderSettings
    say: Callable[[str], None]

    def run(self, out: Path) -> dict[str, dict[str, float]]:
        """Train and write `out`; gives the held-out figures before and after.

        Raises: SourceError, WeightsError.
        """
        torch.manual_seed(self.recipe.seed)
        texts = self._texts()
        folder = find_weights(MINILM, self.settings).path
        states = self._states(folder, texts)
        source = BackboneSource(BERT, folder)
        upper = UpperLayers(source.load(), self.recipe.first_layer, self.recipe.rank)
        words = load_words(folder)
        heads = initial_heads(words, self.recipe.token_dim, upper, states["passages"])
        before = self._figures(texts, states, upper, heads)
        trainer = Trainer(
            recipe=self.recipe,
            upper=upper,
            heads=heads,
            asked=self._sampler(texts, texts.asked, states, "asked"),
            cropped=self._sampler(texts, texts.cropped, states, "cropped"),
            passages=states["passages"],
            checkpoint=self.work / "checkpoint.pt",
        )
        for done, mean in trainer.run():
            self.say(f"step {done} of {self.recipe.steps}: loss {mean:.3f}")
        figures = {"before": before, "after": self._figures(texts, states, upper, heads)}
        save_heads(out, upper, heads, self._about(figures))
        return figures

    def _texts(self) -> Texts:
        labelled, questions = read_pairs(self.pairs)
        out = split_groups(labelled, self.recipe.held_out, self.recipe.seed)
        passages = joined(labelled, *map(read_unlabelled, self.unlabelled))
        cropped = topical_questions(passages, titles=True, seed=self.recipe.seed)
        held_out = [q for q in questions if labelled.groups[q.passage] in out]
        chosen = np.random.default_rng(self.recipe.seed).permutation(len(held_out))
        return Texts(
            passages=passages,
            asked=[q for q in questions if passages.groups[q.passage] not in out],
            cropped=[q for q in cropped if passages.groups[q.passage] not in out],
            held_out=[held_out[i] for i in chosen[:HELD_OUT_QUESTIONS]],
            held_out_passages=[i for i, group in enumerate(labelled.groups) if group in out],
        )

    def _states(self, folder: Path, texts: Texts) -> dict[str, States]:
        layers = (self.recipe.first_layer, -1)
        backbone = load_with_runtime(BackboneSource(BERT, folder, layers), self.settings)
        kinds: dict[str, tuple[Sequence[str], int]] = {
            "passages": (texts.passages.texts, self.recipe.passage_tokens),
            "asked": ([q.text for q in texts.asked], self.recipe.question_tokens),
            "cropped": ([q.text for q in texts.cropped], self.recipe.question_tokens),
            "held-out": ([q.text for q in texts.held_out], self.recipe.question_tokens),
        }
        found = {}
        for name, (kind, length) in kinds.items():
            tokenizer = TextTokenizer(folder, length)
            where = self.work / f"{name}-{_digest(kind, length, self.recipe.first_layer)}"
            count = _Count(name, len(kind), self.say)
            found[name] = cached_states(backbone, tokenizer, kind, where, count)
        return found

    def _sampler(
        self, texts: Texts, questions: list[Question], states: dict[str, States], kind: str
    ) -> Sampler:
        self.say(f"mining negatives of {len(questions)} {kind} questions")
        out = set(texts.held_out_passages)
        allowed = np.array([i for i in range(len(texts.passages.texts)) if i not in out])
        hard = mine(
            questions, states[kind], texts.passages, states["passages"], allowed, self.recipe.mined
        )
        return Sampler(questions, states[kind], texts.passages, hard, topical=kind == "cropped")

    def _figures(
        self, texts: Texts, states: dict[str, States], upper: UpperLayers, heads: Heads
    ) -> dict[str, float]:
        return reciprocal_ranks(
            upper,
            heads,
            texts.held_out,
            states["held-out"],
            states["passages"],
            texts.held_out_passages,
        )

    def _about(self, figures: dict[str, dict[str, float]]) -> dict[str, str]:
        sources = {path.name: _file_digest(path) for path in (self.pairs, *self.unlabelled)}
        return {
            "recipe": json.dumps(asdict(self.recipe)),
            "sources": json.dumps(sources),
            "held_out_mrr": json.dumps(figures),
            "base": MINILM.weights.sha256 or "",
        }


@dataclass
class _Count:
    """Tells of texts done."""

    name: str
    total: int
    say: Callable[[str], None]
    done: int = 0

    def __call__(self, more: int) -> None:
        self.done += more
        self.say(f"states of {self.name}: {self.done} of {self.total}")


def _digest(texts: Sequence[str], *numbers: int) -> str:
    content = "\0".join([*texts, *map(str, numbers)])
    return hashlib.sha256(content.encode("utf-8", "replace")).hexdigest()[:12]


def _file_digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
