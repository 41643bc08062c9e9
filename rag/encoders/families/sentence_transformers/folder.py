"""Folders that sentence-transformers saved, loaded without inventing weights."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tokenizers import Tokenizer
from transformers import PreTrainedModel, PreTrainedTokenizerFast

from rag.encoders.families.forward import quiet_transformers
from rag.encoders.runtime.torch_backbone import precision
from rag.errors import WeightsError

if TYPE_CHECKING:
    from pathlib import Path

    import torch
    from sentence_transformers import CrossEncoder, SentenceTransformer, SparseEncoder

    SavedClass = type[SentenceTransformer] | type[SparseEncoder] | type[CrossEncoder]

MODULES = "modules.json"
CONFIG = "config_sentence_transformers.json"
POOLER = "pooler."  # often left out of the files of a transformer whose pooler nothing reads


@dataclass(frozen=True, slots=True)
class Kind:
    """What a class of sentence-transformers takes for its own.

    A transformer without modules is one whose architecture ends with `bare_head`; `unread`
    are parts of the names of weights that it never reads.
    """

    bare_head: str | None
    unread: tuple[str, ...]

    def is_bare(self, folder: Path) -> bool:
        """Whether `folder` holds a bare transformer with the head that this kind needs."""
        architectures = _json(folder / "config.json").get("architectures") or []
        head = self.bare_head
        return head is not None and any(name.endswith(head) for name in architectures)


KINDS = {
    "SentenceTransformer": Kind(None, (POOLER,)),
    "SparseEncoder": Kind("ForMaskedLM", (POOLER,)),
    "CrossEncoder": Kind("ForSequenceClassification", ()),  # BERT's classifier reads its pooler
}


def load_saved(model_class: SavedClass, folder: Path, device: torch.device) -> Any:
    """The model in `folder` on `device`, in eval mode and the precision that suits it.

    sentence-transformers loads every folder as every kind of model and fills what is
    missing with random numbers: such folders are refused. Code of the folder's own is
    never run. Raises: WeightsError.
    """
    name = str(folder.resolve())
    try:
        _refuse_other_kinds(model_class.__name__, folder)
        with quiet_transformers():
            model = model_class(name, device=device.type, local_files_only=True)
    except (OSError, ValueError, KeyError, RuntimeError, ImportError) as error:
        reason = str(error).partition("\n")[0].rstrip(".")
        raise WeightsError(f"The model in {folder} cannot be loaded: {reason}.") from error
    _refuse_random_weights(model, folder, KINDS[model_class.__name__].unread)
    _refuse_slow_tokenizer(model, folder)
    return model.to(precision(device)).eval()


def _refuse_other_kinds(wanted: str, folder: Path) -> None:
    if not (folder / MODULES).is_file():
        if KINDS[wanted].is_bare(folder):
            return
        raise WeightsError(
            f"The model in {folder} was not saved by sentence-transformers (it has no {MODULES}), "
            "so that how it reads texts is not known; use a folder that has one."
        )
    kind = _json(folder / CONFIG).get("model_type", "SentenceTransformer")
    if kind != wanted:
        raise WeightsError(
            f"The model in {folder} is a {kind}, not a {wanted}, which would lack trained layers; "
            "use it for the column that it was trained for."
        )


def _refuse_random_weights(model: Any, folder: Path, unread: tuple[str, ...]) -> None:
    """Refuse transformers that were left with weights not in the files.

    transformers marks every tensor that it has read.
    """
    missing = sorted(
        name
        for module in model.modules()
        if isinstance(module, PreTrainedModel)
        for name, weights in module.named_parameters()
        if not any(part in name for part in unread)
        and not getattr(weights, "_is_hf_initialized", False)
    )
    if missing:
        raise WeightsError(
            f"The weights in {folder} lack {', '.join(missing[:3])} ({len(missing)} in all); "
            "fetch them again, or use the model for another column."
        )


def _refuse_slow_tokenizer(model: Any, folder: Path) -> None:
    """Refuse tokenizers that do not know the characters of their tokens."""
    tokenizer = getattr(model, "tokenizer", None)
    if not isinstance(tokenizer, PreTrainedTokenizerFast | Tokenizer):
        raise WeightsError(
            f"The model in {folder} has no fast tokenizer (tokenizer.json), without which texts "
            "longer than the model reads cannot be cut; choose another model."
        )


def _json(file: Path) -> dict[str, Any]:
    """What a JSON file says; nothing if it is not there."""
    if not file.is_file():
        return {}
    content: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return content
