"""A BERT of two small layers with a tokenizer, in the files of a real checkpoint."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace
from tokenizers.processors import TemplateProcessing
from transformers import BertConfig, BertModel

from rag.encoders.catalogue.architectures import BERT
from rag.encoders.runtime.agreement import TEXTS
from rag.encoders.runtime.backbone import BackboneSource

if TYPE_CHECKING:
    from pathlib import Path

WIDTH = 64


def write_tiny_backbone(folder: Path, layers: tuple[int, ...] = (-1,)) -> BackboneSource:
    tokenizer = tiny_tokenizer()
    torch.manual_seed(5)
    config = BertConfig(
        vocab_size=tokenizer.get_vocab_size(),
        hidden_size=WIDTH,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=128,
        max_position_embeddings=160,
    )
    BertModel(config, add_pooling_layer=False).save_pretrained(folder)
    tokenizer.save(str(folder / "tokenizer.json"))
    return BackboneSource(BERT, folder, layers)


def tiny_tokenizer() -> Tokenizer:
    words = sorted({word for text in TEXTS for word in text.split()})
    vocabulary = {w: i for i, w in enumerate(["[PAD]", "[UNK]", "[CLS]", "[SEP]", *words])}
    tokenizer = Tokenizer(WordLevel(vocabulary, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = Whitespace()
    tokenizer.post_processor = TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    return tokenizer


def padded_batch() -> tuple[torch.Tensor, torch.Tensor]:
    ids = torch.tensor([[2, 9, 14, 21, 7, 3], [2, 30, 3, 0, 0, 0]])
    return ids, (ids > 0).long()
