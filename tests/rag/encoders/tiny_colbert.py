"""Tiny late-interaction checkpoints in the file layouts of the real ones, with random weights."""

from __future__ import annotations

import json
import string
from typing import TYPE_CHECKING, Any

import torch
from safetensors.torch import save_file
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
from transformers import BertConfig, BertModel

from rag.encoders.catalogue.model import Model, ModelFile, Part
from rag.encoders.columns import Column
from rag.settings import EncoderSettings

if TYPE_CHECKING:
    from pathlib import Path

    from rag.encoders.columns import ModelOutput
    from rag.types import FloatArray, TokenVectors

WIDTH, DIM, QUERY_MAXLEN, DOC_MAXLEN = 16, 8, 12, 24
WORDS = [
    *["the", "cat", "sat", "on", "a", "mat", "while", "dogs", "ran", "far", "away"],
    *["and", "what", "did", "see", "in", "park"],
]
SPECIAL = ["[PAD]", "[unused0]", "[unused1]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
VOCABULARY = [*SPECIAL, *string.punctuation, *WORDS, "##s", "##ing", "sleep", "##y"]

QUESTION = "what did the cats see, in a park?"
LONG_QUESTION = "what did the sleepy cats and dogs see while sleeping on a mat far away in the park"
PASSAGES = [
    "The cat sat on a mat, while dogs ran far away.",
    "Sleepy cats!",
    "",
    "a park (the park): cats & dogs sleeping, dogs ran.",
]
LONG_PASSAGE = "the cat sat on a mat while dogs ran far away and " * 4

METADATA = {
    "query_token_id": "[unused0]",
    "doc_token_id": "[unused1]",
    "query_token": "[Q]",
    "doc_token": "[D]",
    "dim": DIM,
    "doc_maxlen": DOC_MAXLEN,
    "mask_punctuation": True,
    "query_maxlen": QUERY_MAXLEN,
    "attend_to_mask_tokens": False,
    "similarity": "cosine",
    "checkpoint": "/somewhere/else",
    "model_name": "bert-base-uncased",
}


def stanford_folder(folder: Path, **metadata: Any) -> Path:
    """A checkpoint as colbert-ai saves it: encoder, `linear.weight`, `artifact.metadata`."""
    save_backbone(folder, architectures=["HF_ColBERT"], prefix="bert.", linear=random_projection())
    write_json(folder / "artifact.metadata", {**METADATA, **metadata})
    return folder


def pylate_folder(folder: Path, **config: Any) -> Path:
    """A checkpoint as PyLate saves it: modules, a token projection, its own prefixes."""
    save_backbone(folder, architectures=["BertModel"])
    write_json(
        folder / "sentence_bert_config.json", {"max_seq_length": 511, "do_lower_case": False}
    )
    write_json(folder / "config_sentence_transformers.json", {**PYLATE_CONFIG, **config})
    write_json(folder / "modules.json", PYLATE_MODULES)
    dense = folder / "1_Dense"
    dense.mkdir()
    write_json(dense / "config.json", PYLATE_DENSE)
    save_file({"linear.weight": random_projection()}, dense / "model.safetensors")
    return folder


def sentence_transformer_folder(folder: Path) -> Path:
    """A plain sentence encoder: mean pooling, one vector a text."""
    save_backbone(folder, architectures=["BertModel"])
    write_json(folder / "modules.json", [*PYLATE_MODULES[:1], POOLING_MODULE])
    write_json(folder / "config_sentence_transformers.json", {"similarity_fn_name": "cosine"})
    (folder / "1_Pooling").mkdir()
    write_json(
        folder / "1_Pooling" / "config.json",
        {"word_embedding_dimension": WIDTH, "pooling_mode_mean_tokens": True},
    )
    return folder


def part(architecture: str, max_tokens: int | None = None) -> Part:
    """A model of that architecture that fills the tokens."""
    model = Model(
        key="tiny",
        name="tiny",
        architecture=architecture,
        licence="none",
        weights=ModelFile("model.safetensors"),
        files=(),
    )
    return Part(model, (Column.TOKENS,), max_tokens)


def tokens(output: ModelOutput) -> TokenVectors:
    assert output.tokens is not None
    return output.tokens


def vectors(outputs: list[ModelOutput]) -> list[FloatArray]:
    return [tokens(output).vectors for output in outputs]


def settings(batch_tokens: int = 2048) -> EncoderSettings:
    return EncoderSettings(offline=True, batch_tokens=batch_tokens)


PYLATE_CONFIG: dict[str, Any] = {
    "__version__": {"sentence_transformers": "4.0.2", "transformers": "4.48.2"},
    "prompts": {},
    "default_prompt_name": None,
    "similarity_fn_name": "MaxSim",
    "query_prefix": "[unused0]",
    "document_prefix": "[unused1]",
    "query_length": QUERY_MAXLEN,
    "document_length": DOC_MAXLEN,
    "attend_to_expansion_tokens": False,
    "skiplist_words": list(string.punctuation),
}
PYLATE_MODULES: list[dict[str, Any]] = [
    {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
    {"idx": 1, "name": "1", "path": "1_Dense", "type": "pylate.models.Dense.Dense"},
]
POOLING_MODULE: dict[str, Any] = {
    "idx": 1,
    "name": "1",
    "path": "1_Pooling",
    "type": "sentence_transformers.models.Pooling",
}
PYLATE_DENSE: dict[str, Any] = {
    "in_features": WIDTH,
    "out_features": DIM,
    "bias": False,
    "activation_function": "torch.nn.modules.linear.Identity",
}


def random_projection(dim: int = DIM) -> torch.Tensor:
    return torch.randn(dim, WIDTH, generator=torch.Generator().manual_seed(1))


def save_backbone(
    folder: Path,
    architectures: list[str],
    prefix: str = "",
    linear: torch.Tensor | None = None,
) -> None:
    """A BERT of two layers with its tokenizer; the same weights at each call."""
    folder.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=len(VOCABULARY),
        hidden_size=WIDTH,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=64,
        initializer_range=0.5,
        architectures=architectures,
    )
    config.save_pretrained(folder)
    weights = {f"{prefix}{name}": value for name, value in BertModel(config).state_dict().items()}
    if linear is not None:
        weights["linear.weight"] = linear
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    save_tokenizer(folder)


def save_tokenizer(folder: Path) -> None:
    """An uncased WordPiece tokenizer with BERT's special tokens."""
    ids = {token: index for index, token in enumerate(VOCABULARY)}
    tokenizer = Tokenizer(models.WordPiece(ids, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.BertProcessing(
        ("[SEP]", ids["[SEP]"]), ("[CLS]", ids["[CLS]"])
    )
    tokenizer.add_special_tokens(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"])
    tokenizer.save(str(folder / "tokenizer.json"))
    (folder / "vocab.txt").write_text("\n".join(VOCABULARY), encoding="utf-8")
    write_json(
        folder / "tokenizer_config.json",
        {
            "tokenizer_class": "BertTokenizer",
            "do_lower_case": True,
            "model_max_length": 512,
            "pad_token": "[PAD]",
            "unk_token": "[UNK]",
            "cls_token": "[CLS]",
            "sep_token": "[SEP]",
            "mask_token": "[MASK]",
        },
    )


def write_json(path: Path, content: Any) -> None:
    path.write_text(json.dumps(content), encoding="utf-8")
