"""Checkpoints in the true file layout of real models, with few and random weights."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch
from sentence_transformers import SentenceTransformer, SparseEncoder
from sentence_transformers.base.modules import Router, Transformer
from sentence_transformers.sentence_transformer.modules import Pooling
from sentence_transformers.sparse_encoder.modules import SparseStaticEmbedding, SpladePooling
from tokenizers import Regex, Tokenizer, decoders, normalizers, pre_tokenizers
from tokenizers.models import Unigram
from tokenizers.processors import TemplateProcessing
from transformers import (
    PreTrainedTokenizerFast,
    XLMRobertaConfig,
    XLMRobertaForMaskedLM,
    XLMRobertaModel,
)

if TYPE_CHECKING:
    from pathlib import Path

    from transformers import PreTrainedModel

WIDTH = 16
TOKEN_WIDTH = 8
# The ids that XLM-R gives to its special tokens; <mask> comes last of all.
SPECIAL = {"<s>": 0, "<pad>": 1, "</s>": 2, "<unk>": 3}
WORDS = ("▁bee", "▁dance", "▁the", "▁hive", "ing", "蜜蜂", "跳舞")
CHARACTERS = (*"abcdefghijklmnopqrstuvwxyz0123456789.,!?。", "▁")


def xlmr_tokenizer() -> Tokenizer:
    """A Unigram tokenizer with the parts of XLM-R's, over a few words and characters."""
    scored = [(token, 0.0) for token in SPECIAL]
    scored += [(word, -2.0) for word in WORDS] + [(c, -5.0) for c in CHARACTERS]
    tokenizer = Tokenizer(Unigram([*scored, ("<mask>", 0.0)], unk_id=SPECIAL["<unk>"]))
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.NFKC(),
            normalizers.Strip(left=False, right=True),
            normalizers.Replace(Regex(" {2,}"), "▁"),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.decoder = decoders.Metaspace()
    tokenizer.post_processor = TemplateProcessing(
        single="<s> $A </s>", pair="<s> $A </s> </s> $B </s>", special_tokens=list(SPECIAL.items())
    )
    tokenizer.add_special_tokens([*SPECIAL, "<mask>"])
    return tokenizer


def make_bge_m3(folder: Path, positions: int = 66, *, safetensors: bool = False) -> Path:
    """BAAI/bge-m3: XLM-R and beside it the state of two linear layers.

    The true repository has its weights as pytorch_model.bin, and the heads in float16.
    """
    model = make_transformer(folder, XLMRobertaModel, positions)
    if not safetensors:
        (folder / "model.safetensors").unlink()
        torch.save(model.state_dict(), folder / "pytorch_model.bin")
    save_head(folder / "sparse_linear.pt", 1, bias=0.5)  # so that about half are positive
    save_head(folder / "colbert_linear.pt", TOKEN_WIDTH)
    return folder


def save_head(file: Path, outputs: int, inputs: int = WIDTH, bias: float = 0.0) -> None:
    """The float16 state of a random linear layer."""
    head = torch.nn.Linear(inputs, outputs)
    torch.nn.init.constant_(head.bias, bias)
    torch.save(head.half().state_dict(), file)


def make_transformer(
    folder: Path, model_class: type[PreTrainedModel], positions: int = 66
) -> PreTrainedModel:
    """A bare XLM-R as transformers saves it, with its tokenizer."""
    torch.manual_seed(3)
    tokenizer: Any = PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]  # upstream has no types
        tokenizer_object=xlmr_tokenizer(),
        bos_token="<s>",
        eos_token="</s>",
        cls_token="<s>",
        sep_token="</s>",
        pad_token="<pad>",
        unk_token="<unk>",
        mask_token="<mask>",
        model_max_length=positions - 2,
    )
    tokenizer.save_pretrained(folder)
    model = model_class(_xlmr_config(len(tokenizer), positions))
    model.save_pretrained(folder)
    return model


def make_sentence_transformer(
    folder: Path, *more: torch.nn.Module, prompts: dict[str, str] | None = None, **options: Any
) -> Path:
    """What sentence-transformers saves of mean pooling over a transformer, and `more` modules."""
    make_transformer(folder / "bare", XLMRobertaModel)
    modules = [Transformer(str(folder / "bare")), Pooling(WIDTH), *more]
    saved = SentenceTransformer(modules=modules, prompts=prompts, device="cpu", **options)
    saved.save(str(folder / "saved"))
    return folder / "saved"


def make_splade(folder: Path, **options: Any) -> Path:
    """What sentence-transformers saves of SPLADE."""
    modules: list[torch.nn.Module] = [_term_logits(folder / "bare"), SpladePooling()]
    SparseEncoder(modules=modules, device="cpu", **options).save(str(folder / "saved"))
    return folder / "saved"


def make_inference_free_splade(folder: Path) -> Path:
    """SPLADE for passages; a question's terms have weights that depend on nothing else."""
    document = _term_logits(folder / "bare")
    tokenizer: Any = document.tokenizer
    router = Router.for_query_document(
        query_modules=[SparseStaticEmbedding(tokenizer, weight=torch.rand(len(tokenizer)))],
        document_modules=[document, SpladePooling()],
    )
    SparseEncoder(modules=[router], device="cpu").save(str(folder / "saved"))
    return folder / "saved"


def _term_logits(folder: Path) -> Transformer:
    make_transformer(folder, XLMRobertaForMaskedLM)
    module: Transformer = Transformer(str(folder), transformer_task="fill-mask")
    return module


def _xlmr_config(vocab_size: int, positions: int) -> XLMRobertaConfig:
    return XLMRobertaConfig(
        vocab_size=vocab_size,
        hidden_size=WIDTH,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=positions,
        type_vocab_size=1,
        initializer_range=0.5,  # spreads the vectors of a model that has learnt nothing
    )
