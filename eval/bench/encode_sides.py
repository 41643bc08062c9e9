"""The two sides of the encoding benchmark: a loaded model becomes a function of texts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from rag.settings import EncoderSettings

Encode: TypeAlias = Callable[[Sequence[str]], object]
LoadSide: TypeAlias = Callable[["EncoderSettings"], Encode]


def load_trident(settings: EncoderSettings) -> Encode:
    """Our encoder: all three columns from one call. Raises: WeightsError, SettingsError."""
    from rag.encoders.loading import load_encoder

    return load_encoder(settings).encode_documents


def load_sentence_transformers(settings: EncoderSettings) -> Encode:
    """Plain sentence-transformers: one `encode` a column, everything else its default.

    The models are those that need no hub, whatever preset our side uses: MiniLM for dense
    and token vectors, SPLADE-tiny for sparse ones. Raises: WeightsError.
    """
    from sentence_transformers import SentenceTransformer, SparseEncoder

    from rag.encoders.catalogue.models import MINILM, SPLADE_TINY
    from rag.encoders.weights.find import find_weights

    dense = SentenceTransformer(str(find_weights(MINILM, settings).path), local_files_only=True)
    sparse = SparseEncoder(str(find_weights(SPLADE_TINY, settings).path), local_files_only=True)

    def encode(texts: Sequence[str]) -> object:
        listed = list(texts)
        return (
            dense.encode(listed),
            sparse.encode(listed),
            dense.encode(listed, output_value="token_embeddings"),
        )

    return encode


TRIDENT = "trident"
BASELINE = "sentence-transformers"
SIDES: dict[str, LoadSide] = {TRIDENT: load_trident, BASELINE: load_sentence_transformers}
