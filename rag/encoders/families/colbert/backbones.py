"""Encoders for ColBERT checkpoints that name Python code of their own repository: data.

colbert-ai would fetch that code and run it. Here the same weights go into an implementation
that is part of transformers or of this package; nothing else is run.
"""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from pkgutil import resolve_name
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from rag.encoders.families.colbert.layout import read_json
from rag.errors import WeightsError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

CONFIG = "config.json"


@dataclass(frozen=True, slots=True)
class Backbone:
    """An implementation: its classes as "module:name", and what a configuration must say.

    `own_keys` gives what its configuration has besides the checkpoint's.
    """

    model_type: str
    pretrained_class: str
    model_class: str
    required: Mapping[str, object]
    own_keys: Callable[[dict[str, Any]], dict[str, Any]] = lambda _config: {}


def _rope(config: dict[str, Any]) -> dict[str, Any]:
    base = config.get("rotary_emb_base", 10_000.0)
    return {"rope_parameters": {"rope_type": "default", "rope_theta": base}}


# By the repository of the code that `auto_map` names.
BACKBONES = {
    # jina-colbert-v2 (Jha et al. 2024, arXiv:2408.16672): XLM-R with rotary positions.
    "jinaai/xlm-roberta-flash-implementation": Backbone(
        "jina_embeddings_v3",
        "transformers:JinaEmbeddingsV3PreTrainedModel",
        "transformers:JinaEmbeddingsV3Model",
        required={"position_embedding_type": "rotary", "lora_adaptations": None},
        own_keys=_rope,
    ),
    # jina-colbert-v1-en.
    "jinaai/jina-bert-implementation": Backbone(
        "jina_bert",
        "rag.encoders.families.colbert.jina_bert:JinaBertPreTrainedModel",
        "rag.encoders.families.colbert.jina_bert:JinaBertModel",
        required={"position_embedding_type": "alibi", "feed_forward_type": "geglu"},
    ),
}


@contextmanager
def loadable(folder: Path) -> Iterator[str]:
    """The absolute path from which colbert-ai can load the checkpoint without foreign code.

    Raises: WeightsError if the checkpoint needs code that is not known here.
    """
    # An absolute path is never taken for the name of a hub repository.
    path = str(folder.resolve())
    config = read_json(folder / CONFIG)
    if not config.get("auto_map"):
        yield path
        return
    backbone = _backbone(folder, config)
    with TemporaryDirectory() as view, _known_to_colbert(view, backbone):
        _link_all_but_config(Path(path), Path(view))
        (Path(view) / CONFIG).write_text(json.dumps(_native_config(config, backbone)), "utf-8")
        yield view


def _backbone(folder: Path, config: dict[str, Any]) -> Backbone:
    repository = str(config["auto_map"].get("AutoModel", "")).split("--")[0]
    backbone = BACKBONES.get(repository)
    if backbone is None or not _fits(config, backbone):
        raise WeightsError(
            f"The checkpoint in {folder} needs Python code from its own repository, which Trident "
            f"does not run; those that work without name one of {', '.join(BACKBONES)}."
        )
    return backbone


def _fits(config: dict[str, Any], backbone: Backbone) -> bool:
    return all(config.get(key, value) == value for key, value in backbone.required.items())


def _native_config(config: dict[str, Any], backbone: Backbone) -> dict[str, Any]:
    kept = {key: value for key, value in config.items() if key != "auto_map"}
    return {**kept, **backbone.own_keys(config), "model_type": backbone.model_type}


def _link_all_but_config(folder: Path, view: Path) -> None:
    for entry in folder.iterdir():
        if entry.name != CONFIG:
            (view / entry.name).symlink_to(entry)


@contextmanager
def _known_to_colbert(path: str, backbone: Backbone) -> Iterator[None]:
    """colbert-ai's own tables of models name the backbone for this path."""
    from colbert.modeling import hf_colbert

    hf_colbert.base_class_mapping[path] = resolve_name(backbone.pretrained_class)
    hf_colbert.model_object_mapping[path] = resolve_name(backbone.model_class)
    try:
        yield
    finally:
        del hf_colbert.base_class_mapping[path], hf_colbert.model_object_mapping[path]
