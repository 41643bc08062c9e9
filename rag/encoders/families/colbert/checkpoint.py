"""Opening a checkpoint with colbert-ai: from local files only, in float32, with all its weights."""

from __future__ import annotations

import warnings
from contextlib import ExitStack, contextmanager
from threading import Lock
from typing import TYPE_CHECKING, Any

import torch

from rag.encoders.families.colbert.backbones import loadable
from rag.encoders.families.colbert.layout import check_layout
from rag.encoders.families.colbert.patch import import_colbert, no_compiler, repaired
from rag.encoders.families.forward import quiet_transformers
from rag.errors import WeightsError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# colbert finds its model class through a global of its module: one load at a time.
_LOADING = Lock()


def open_checkpoint(folder: Path) -> Any:
    """colbert-ai's `Checkpoint` of the folder, configured as its `artifact.metadata` says.

    Raises: WeightsError if the folder is no such checkpoint, or lacks a part of the model.
    """
    check_layout(folder)
    import_colbert()
    with _LOADING, loadable(folder) as path, _strict_loading(path):
        from colbert.infra.config import ColBERTConfig
        from colbert.modeling.checkpoint import Checkpoint

        # Metadata often name the backbone's hub repository, which is not needed.
        config = ColBERTConfig(checkpoint=path, model_name=path)
        checkpoint = Checkpoint(path, config, verbose=0)
    _refuse_unknown_markers(folder, checkpoint)
    return _completed(checkpoint)


def _completed(checkpoint: Any) -> Any:
    """What colbert leaves open: an empty skiplist, and mixed precision where there is no GPU."""
    from colbert.utils.amp import MixedPrecisionManager

    if not checkpoint.colbert_config.mask_punctuation:
        checkpoint.skiplist = {}
    if checkpoint.device.type == "cpu":
        checkpoint.amp_manager = MixedPrecisionManager(False)
    return checkpoint


def _refuse_unknown_markers(folder: Path, checkpoint: Any) -> None:
    config, tokenizer = checkpoint.colbert_config, checkpoint.raw_tokenizer
    for marker in (config.query_token_id, config.doc_token_id):
        if marker not in tokenizer.get_vocab():
            raise WeightsError(
                f"The tokenizer in {folder} does not fit the checkpoint: the marker {marker} of "
                "its artifact.metadata is not in its vocabulary; fetch it again."
            )


@contextmanager
def _strict_loading(path: str) -> Iterator[None]:
    """colbert loads `path` and nothing else, and takes no weight from a random generator.

    By itself it falls back to bert-base-uncased when it does not know an architecture.
    """
    from colbert.modeling import base_colbert

    upstream = base_colbert.class_factory

    def class_factory(name: str) -> type[Any]:
        if name != path:
            raise WeightsError(
                f"The model in {path} has an architecture that colbert-ai does not know; "
                "use a ColBERT on BERT, RoBERTa, XLM-R, ELECTRA or DeBERTa."
            )
        return _strict(upstream(name))

    with ExitStack() as stack:
        stack.enter_context(no_compiler())
        stack.enter_context(quiet_transformers())
        stack.enter_context(warnings.catch_warnings())
        warnings.simplefilter("ignore")  # torch: CUDA's mixed precision is not available
        stack.callback(setattr, base_colbert, "class_factory", upstream)
        base_colbert.class_factory = class_factory
        yield


def _strict(model_class: type[Any]) -> type[Any]:
    """`HF_ColBERT` with a loader that refuses incomplete weights.

    float32 whatever the file holds: that is what colbert-ai computes with on a CPU.
    """

    class StrictColBERT(repaired(model_class)):  # type: ignore[misc]  # made at run time
        @classmethod
        def from_pretrained(cls, path: str, colbert_config: Any) -> Any:
            model, loading = super(model_class, cls).from_pretrained(
                path,
                colbert_config=colbert_config,
                local_files_only=True,
                output_loading_info=True,
                dtype=torch.float32,
            )
            _refuse_missing(path, loading["missing_keys"])
            model.base = path
            return model

    return StrictColBERT


def _refuse_missing(path: str, missing_keys: set[str]) -> None:
    missing = sorted(key for key in missing_keys if ".pooler." not in key)  # never used
    if missing:
        raise WeightsError(f"The weights in {path} lack {', '.join(missing)}; fetch them again.")
