"""What every torch model here needs: loading, padded input, and a timed forward pass."""

from __future__ import annotations

from contextlib import contextmanager
from threading import Lock
from time import perf_counter
from typing import TYPE_CHECKING, Any, TypeVar

from rag.errors import WeightsError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    import torch
    from transformers import PreTrainedModel

    from rag.encoders.families.tokenizer import TokenizedText

ModelT = TypeVar("ModelT", bound="PreTrainedModel")


class ForwardClock:
    """Adds up the wall time of forward passes, from any thread."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._seconds = 0.0

    @property
    def seconds(self) -> float:
        """Seconds so far."""
        return self._seconds

    @contextmanager
    def forward(self) -> Iterator[None]:
        """A forward pass without gradients. Torch models in eval mode need no lock."""
        import torch

        started = perf_counter()
        with torch.inference_mode():
            yield
        with self._lock:
            self._seconds += perf_counter() - started


def load_pretrained(model_class: type[ModelT], folder: Path, **options: Any) -> ModelT:
    """A transformers model from local files, in eval mode with fused attention.

    Raises: WeightsError if the files cannot be read, or leave a part of the model with
    the random weights that it was born with.
    """
    try:
        with quiet_transformers():
            loaded: Any = model_class.from_pretrained(
                folder,
                local_files_only=True,
                output_loading_info=True,
                attn_implementation="sdpa",
                **options,
            )
            model: ModelT
            model, loading = loaded
    except (OSError, ValueError) as error:
        raise WeightsError(f"The model in {folder} cannot be loaded: {error}.") from error
    if loading["missing_keys"]:
        missing = ", ".join(sorted(loading["missing_keys"]))
        raise WeightsError(f"The weights in {folder} lack {missing}; fetch them again.")
    model.train(False)
    return model


def pad(texts: Sequence[TokenizedText]) -> tuple[torch.Tensor, torch.Tensor]:
    """Ids and attention mask, both int64 [n, longest]; what is masked has id 0."""
    import torch

    longest = max(map(len, texts))
    ids = torch.zeros((len(texts), longest), dtype=torch.int64)
    mask = torch.zeros_like(ids)
    for row, text in enumerate(texts):
        ids[row, : len(text)] = torch.tensor(text.ids)
        mask[row, : len(text)] = 1
    return ids, mask


@contextmanager
def quiet_transformers() -> Iterator[None]:
    """No progress bar and no report of unused weights while a model loads."""
    from transformers.utils import logging as untyped

    logging: Any = untyped
    verbosity, bar = logging.get_verbosity(), logging.is_progress_bar_enabled()
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    try:
        yield
    finally:
        logging.set_verbosity(verbosity)
        if bar:
            logging.enable_progress_bar()
