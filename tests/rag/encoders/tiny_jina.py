"""Tiny checkpoints in the layouts of jina-colbert-v1-en and jina-colbert-v2, random weights.

Parameter names are written out as in the published files, not taken from our classes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch
from safetensors.torch import save_file
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers, processors

from tests.rag.encoders.tiny_colbert import (
    DIM,
    METADATA,
    VOCABULARY,
    WIDTH,
    WORDS,
    random_projection,
    save_tokenizer,
    write_json,
)

if TYPE_CHECKING:
    from pathlib import Path

LAYERS, HEADS, INNER = 2, 2, 32
PIECES = ["<s>", "<pad>", "</s>", "<unk>", *[f"▁{word}" for word in WORDS], "s", "▁", ",", "?"]
MARKERS = ["<mask>", "[QueryMarker]", "[DocumentMarker]"]

COMMON: dict[str, Any] = {
    "architectures": ["HF_ColBERT"],
    "hidden_size": WIDTH,
    "num_hidden_layers": LAYERS,
    "num_attention_heads": HEADS,
    "intermediate_size": INNER,
    "hidden_act": "gelu",
    "max_position_embeddings": 64,
}
V1_CONFIG = {
    **COMMON,
    "auto_map": {
        "AutoConfig": "jinaai/jina-bert-implementation--configuration_bert.JinaBertConfig",
        "AutoModel": "jinaai/jina-bert-implementation--modeling_bert.JinaBertModel",
    },
    "model_type": "bert",
    "vocab_size": len(VOCABULARY),
    "type_vocab_size": 2,
    "position_embedding_type": "alibi",
    "feed_forward_type": "geglu",
    "layer_norm_eps": 1e-12,
    "pad_token_id": 0,
}
FLASH = "jinaai/xlm-roberta-flash-implementation"
V2_CONFIG = {
    **COMMON,
    "auto_map": {
        "AutoConfig": f"{FLASH}--configuration_xlm_roberta.XLMRobertaFlashConfig",
        "AutoModel": f"{FLASH}--modeling_xlm_roberta.XLMRobertaModel",
    },
    "model_type": "xlm-roberta",
    "vocab_size": len(PIECES) + len(MARKERS),
    "type_vocab_size": 1,
    "position_embedding_type": "rotary",
    "rotary_emb_base": 10000.0,
    "lora_adaptations": None,
    "use_flash_attn": True,
    "layer_norm_eps": 1e-5,
    "pad_token_id": 1,
}


def jina_v1_folder(folder: Path, **config: Any) -> Path:
    """BERT's names, with a gated MLP and without position embeddings."""
    shapes = {
        "embeddings.word_embeddings.weight": (len(VOCABULARY), WIDTH),
        "embeddings.token_type_embeddings.weight": (2, WIDTH),
        **norm("embeddings.LayerNorm"),
        **linear("pooler.dense", WIDTH, WIDTH),
    }
    for layer in (f"encoder.layer.{i}" for i in range(LAYERS)):
        for part in ("self.query", "self.key", "self.value", "output.dense"):
            shapes |= linear(f"{layer}.attention.{part}", WIDTH, WIDTH)
        shapes |= norm(f"{layer}.attention.output.LayerNorm")
        shapes[f"{layer}.mlp.gated_layers.weight"] = (2 * INNER, WIDTH)
        shapes |= linear(f"{layer}.mlp.wo", WIDTH, INNER) | norm(f"{layer}.mlp.layernorm")
    save_weights(folder, "bert.", shapes)
    write_json(folder / "config.json", {**V1_CONFIG, **config})
    write_json(folder / "artifact.metadata", METADATA)
    save_tokenizer(folder)
    return folder


def jina_v2_folder(folder: Path, **config: Any) -> Path:
    """The names of Jina's flash-attention XLM-R: one matrix for query, key and value."""
    shapes = {
        "embeddings.word_embeddings.weight": (len(PIECES) + len(MARKERS), WIDTH),
        "embeddings.token_type_embeddings.weight": (1, WIDTH),
        **norm("emb_ln"),
        **linear("pooler.dense", WIDTH, WIDTH),
    }
    for layer in (f"encoder.layers.{i}" for i in range(LAYERS)):
        shapes |= linear(f"{layer}.mixer.Wqkv", 3 * WIDTH, WIDTH)
        shapes |= linear(f"{layer}.mixer.out_proj", WIDTH, WIDTH)
        shapes |= linear(f"{layer}.mlp.fc1", INNER, WIDTH) | linear(
            f"{layer}.mlp.fc2", WIDTH, INNER
        )
        shapes |= norm(f"{layer}.norm1") | norm(f"{layer}.norm2")
    save_weights(folder, "roberta.", shapes)
    write_json(folder / "config.json", {**V2_CONFIG, **config})
    markers = {"query_token_id": "[QueryMarker]", "doc_token_id": "[DocumentMarker]"}
    attention = {"attend_to_mask_tokens": True}
    write_json(folder / "artifact.metadata", {**METADATA, **markers, **attention})
    save_sentencepiece_tokenizer(folder)
    return folder


Shapes = dict[str, tuple[int, ...]]


def norm(name: str) -> Shapes:
    return {f"{name}.weight": (WIDTH,), f"{name}.bias": (WIDTH,)}


def linear(name: str, rows: int, columns: int) -> Shapes:
    return {f"{name}.weight": (rows, columns), f"{name}.bias": (rows,)}


def save_weights(folder: Path, prefix: str, shapes: Shapes) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    generator = torch.Generator().manual_seed(2)
    weights = {
        prefix + name: 0.5 * torch.randn(shape, generator=generator)
        for name, shape in shapes.items()
    }
    weights["linear.weight"] = random_projection(DIM)
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})


def save_sentencepiece_tokenizer(folder: Path) -> None:
    """A cased unigram tokenizer with XLM-R's special tokens and Jina's two markers."""
    tokenizer = Tokenizer(models.Unigram([(piece, -1.0) for piece in PIECES], unk_id=3))
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.decoder = decoders.Metaspace()
    tokenizer.post_processor = processors.RobertaProcessing(
        ("</s>", 2), ("<s>", 0), trim_offsets=True, add_prefix_space=False
    )
    tokenizer.add_special_tokens([*PIECES[:4], AddedToken("<mask>", lstrip=True)])
    tokenizer.add_tokens([AddedToken(marker, normalized=False) for marker in MARKERS[1:]])
    tokenizer.save(str(folder / "tokenizer.json"))
    names = {"bos": "<s>", "cls": "<s>", "eos": "</s>", "sep": "</s>", "pad": "<pad>"}
    write_json(
        folder / "tokenizer_config.json",
        {
            "tokenizer_class": "XLMRobertaTokenizer",
            "model_max_length": 8194,
            "unk_token": "<unk>",
            "mask_token": "<mask>",
            **{f"{name}_token": token for name, token in names.items()},
        },
    )
