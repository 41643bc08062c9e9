"""A cross-encoder with the geometry of a real one and random weights."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from rag.encoders.catalogue.models import MINILM
from rag.encoders.families.forward import quiet_transformers
from rag.encoders.weights.find import find_weights

if TYPE_CHECKING:
    from pathlib import Path

    from rag.settings import EncoderSettings

# cross-encoder/ms-marco-MiniLM-L6-v2 is this backbone with a classifier of one label.
BACKBONE = "MiniLM-L6-H384, the backbone of all-MiniLM-L6-v2 and of ms-marco-MiniLM-L6-v2"


def save_random_cross_encoder(folder: Path, settings: EncoderSettings) -> Path:
    """Save it in `folder`, with the backbone's own tokenizer. Raises: WeightsError."""
    import torch
    from transformers import BertConfig, BertForSequenceClassification

    backbone = find_weights(MINILM, settings).path
    config = BertConfig.from_pretrained(backbone, local_files_only=True, num_labels=1)
    torch.manual_seed(0)
    with quiet_transformers():
        BertForSequenceClassification(config).save_pretrained(folder)
    for name in ("tokenizer.json", "tokenizer_config.json"):
        if (backbone / name).is_file():
            shutil.copyfile(backbone / name, folder / name)
    return folder
