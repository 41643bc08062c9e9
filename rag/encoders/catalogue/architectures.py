"""The ways in which model files can be laid out, and the class that loads each: data."""

from __future__ import annotations

from dataclasses import dataclass
from pkgutil import resolve_name
from typing import TYPE_CHECKING

from rag.encoders.columns import Column

if TYPE_CHECKING:
    from pathlib import Path

    from rag.encoders.catalogue.model import Part
    from rag.encoders.columns import ColumnModel, LoadModel
    from rag.settings import EncoderSettings

FAMILIES = "rag.encoders.families."
DENSE, SPARSE, TOKENS = Column.DENSE, Column.SPARSE, Column.TOKENS
CROSS_ENCODER = "cross-encoder"
BERT, XLM_ROBERTA = "transformers:BertModel", "transformers:XLMRobertaModel"


@dataclass(frozen=True, slots=True)
class Architecture:
    """A kind of model: the columns that it can fill, and its class as "module:name".

    A model that scores pairs of texts fills no column; its class is a `LoadPairScorer` of
    `rag.encoders.cross_encoder`. The class is named, not imported, since its module imports
    torch. `backbone` names the transformer below it if that runs by
    `rag.encoders.runtime.choice`.
    """

    columns: tuple[Column, ...]
    model_class: str
    backbone: str | None = None


ARCHITECTURES = {
    "bert-tokens": Architecture((DENSE, TOKENS), FAMILIES + "minilm:DenseTokenModel", BERT),
    "bert-heads": Architecture((DENSE, SPARSE, TOKENS), FAMILIES + "heads.model:HeadsModel", BERT),
    "splade": Architecture((SPARSE,), FAMILIES + "splade:SpladeModel"),
    "bge-m3": Architecture(
        (DENSE, SPARSE, TOKENS),
        FAMILIES + "bge_m3:BgeM3Model",
        XLM_ROBERTA,
    ),
    "colbert": Architecture((TOKENS,), FAMILIES + "colbert.model:ColbertModel"),
    "multi-vector": Architecture(
        (TOKENS,), FAMILIES + "sentence_transformers.multi_vector:MultiVectorModel"
    ),
    "sentence-transformer": Architecture(
        (DENSE,), FAMILIES + "sentence_transformers.dense:SentenceTransformerModel"
    ),
    "sparse-encoder": Architecture(
        (SPARSE,), FAMILIES + "sentence_transformers.sparse:SparseEncoderModel"
    ),
    CROSS_ENCODER: Architecture((), FAMILIES + "cross_encoder:CrossEncoderModel"),
}


def load_model(folder: Path, part: Part, settings: EncoderSettings) -> ColumnModel:
    """Load a part's model from its checked folder. Raises: WeightsError."""
    load: LoadModel = resolve_name(ARCHITECTURES[part.model.architecture].model_class)
    return load(folder, part, settings)
