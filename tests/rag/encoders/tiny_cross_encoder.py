"""Tiny cross-encoders in the file layout of the real ones, with random weights."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch
from transformers import BertConfig, BertForSequenceClassification

from tests.rag.encoders.tiny_colbert import VOCABULARY, WIDTH, save_tokenizer

if TYPE_CHECKING:
    from pathlib import Path

MAX_TOKENS = 32


def cross_encoder_folder(folder: Path, labels: int = 1, **config: Any) -> Path:
    """As cross-encoder/ms-marco-MiniLM-L6-v2: BERT with a classifier, and its tokenizer."""
    torch.manual_seed(0)
    settings = BertConfig(
        vocab_size=len(VOCABULARY),
        hidden_size=WIDTH,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=MAX_TOKENS,
        initializer_range=0.5,
        num_labels=labels,
        **config,
    )
    BertForSequenceClassification(settings).save_pretrained(folder)
    save_tokenizer(folder)
    return folder
