"""What the frozen lower layers give for many texts, computed once and kept on disk.

Hidden states are kept as float16 in parts of a thousand texts; a run that was stopped makes
only the parts that are missing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from rag.encoders.families.forward import pad
from rag.encoders.families.minilm import mean_pool

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    import numpy.typing as npt

    from rag.encoders.families.tokenizer import TextTokenizer, TokenizedText
    from rag.encoders.runtime.backbone import Backbone

PART = 1000
FORWARD = 32  # texts in a forward pass


@dataclass(frozen=True, slots=True)
class PaddedBatch:
    """`states` float32 [n, t, h], `mask` int64 [n, t], `ids` int64 [n, t], `content` bool
    [n, t] (the tokens that stand for words), `dense` float32 [n, h] of the unchanged model."""

    states: torch.Tensor
    mask: torch.Tensor
    ids: torch.Tensor
    content: torch.Tensor
    dense: torch.Tensor


@dataclass(frozen=True, slots=True)
class States:
    """All texts' tokens one after the other; text i has the rows `offsets[i]:offsets[i + 1]`."""

    states: npt.NDArray[np.float16]
    ids: npt.NDArray[np.int32]
    content: npt.NDArray[np.bool_]
    offsets: npt.NDArray[np.int64]
    dense: npt.NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def batch(self, texts: Sequence[int]) -> PaddedBatch:
        """Some texts, in their order."""
        rows = [slice(int(self.offsets[i]), int(self.offsets[i + 1])) for i in texts]
        shape = (len(rows), max(row.stop - row.start for row in rows))
        states = torch.zeros((*shape, self.states.shape[1]))
        mask, ids = torch.zeros(shape, dtype=torch.int64), torch.zeros(shape, dtype=torch.int64)
        content = torch.zeros(shape, dtype=torch.bool)
        for place, row in enumerate(rows):
            length = row.stop - row.start
            states[place, :length] = torch.from_numpy(self.states[row])
            ids[place, :length] = torch.from_numpy(self.ids[row])
            content[place, :length] = torch.from_numpy(self.content[row])
            mask[place, :length] = 1
        return PaddedBatch(states, mask, ids, content, torch.from_numpy(self.dense[list(texts)]))


def cached_states(
    backbone: Backbone,
    tokenizer: TextTokenizer,
    texts: Sequence[str],
    folder: Path,
    done: Callable[[int], None],
) -> States:
    """The states of `texts`, from `folder` or made now; `done` hears of every part.

    `backbone` gives the lower layers' states and the last ones, in this order.
    """
    folder.mkdir(parents=True, exist_ok=True)
    parts = []
    for start in range(0, len(texts), PART):
        piece = texts[start : start + PART]
        path = folder / f"part-{start // PART:05}.npz"
        if not path.exists():
            _write(path, _part(backbone, tokenizer.tokenize(piece)))
        with np.load(path) as arrays:
            parts.append({name: arrays[name] for name in arrays.files})
        done(len(piece))
    return _joined(parts)


def _part(backbone: Backbone, texts: Sequence[TokenizedText]) -> dict[str, Any]:
    """Arrays of some texts, batched by length and given back in their order."""
    order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
    states: dict[int, npt.NDArray[np.float16]] = {}
    dense: dict[int, npt.NDArray[np.float32]] = {}
    for start in range(0, len(order), FORWARD):
        chosen = order[start : start + FORWARD]
        ids, mask = pad([texts[i] for i in chosen])
        lower, last = backbone(ids, mask)
        pooled = mean_pool(last, mask)
        for row, i in enumerate(chosen):
            states[i] = lower[row, : len(texts[i])].half().numpy()
            dense[i] = pooled[row].numpy()
    return {
        "states": np.concatenate([states[i] for i in range(len(texts))]),
        "ids": np.concatenate([text.ids for text in texts]).astype(np.int32),
        "content": np.concatenate([text.content for text in texts]),
        "lengths": np.array([len(text) for text in texts]),
        "dense": np.stack([dense[i] for i in range(len(texts))]),
    }


def _write(path: Path, arrays: dict[str, Any]) -> None:
    """Whole or not at all, so that a stopped run leaves no half part."""
    unfinished = path.with_suffix(".unfinished")
    with unfinished.open("wb") as file:
        np.savez(file, **arrays)
    unfinished.replace(path)


def _joined(parts: Sequence[dict[str, Any]]) -> States:
    lengths = np.concatenate([part["lengths"] for part in parts])
    return States(
        states=np.concatenate([part["states"] for part in parts]),
        ids=np.concatenate([part["ids"] for part in parts]),
        content=np.concatenate([part["content"] for part in parts]),
        offsets=np.concatenate([[0], np.cumsum(lengths)]),
        dense=np.concatenate([part["dense"] for part in parts]),
    )
