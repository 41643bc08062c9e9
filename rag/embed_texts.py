"""Dense vectors of texts from anywhere."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rag.encoders.base import Encoder
    from rag.types import FloatArray


class Side(StrEnum):
    """What a text is in a search: some models read questions otherwise than passages."""

    QUESTION = "question"
    PASSAGE = "passage"


def embed_texts(encoder: Encoder, texts: Sequence[str], side: Side) -> FloatArray:
    """Unit vectors [n, d] in the order of `texts`, at least one.

    A passage longer than the encoder reads at once is read in windows; a question is cut.
    """
    encode = encoder.encode_questions if side is Side.QUESTION else encoder.encode_documents
    return np.stack([encoding.dense for encoding in encode(texts)])
