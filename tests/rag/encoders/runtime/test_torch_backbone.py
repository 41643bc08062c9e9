"""The backbone on torch: device, precision, and the layers that were asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import torch
from transformers import BertModel

import rag.encoders.runtime.torch_backbone as torch_backbone
from rag.encoders.runtime.torch_backbone import load_reference, load_torch, load_torch_bfloat16
from rag.errors import SettingsError
from rag.settings import EncoderSettings
from tests.rag.encoders.tiny_backbone import WIDTH, padded_batch

if TYPE_CHECKING:
    from rag.encoders.runtime.backbone import BackboneSource


def test_it_gives_the_hidden_states_of_the_layers_in_order(source: BackboneSource) -> None:
    ids, mask = padded_batch()
    embeddings, last = load_reference(source)(ids, mask)
    model = BertModel.from_pretrained(source.folder, add_pooling_layer=False)
    model.train(False)
    with torch.inference_mode():
        states = model(input_ids=ids, attention_mask=mask, output_hidden_states=True).hidden_states
    torch.testing.assert_close(embeddings, states[0])
    torch.testing.assert_close(last[mask.bool()], states[-1][mask.bool()])
    assert last.shape == (2, 6, WIDTH)


def test_padding_changes_nothing(source: BackboneSource) -> None:
    ids, mask = padded_batch()
    backbone = load_torch(source, EncoderSettings(device="cpu"))
    alone = backbone(ids[1:, :3], mask[1:, :3])[-1]
    torch.testing.assert_close(backbone(ids, mask)[-1][1, :3], alone[0], atol=1e-5, rtol=1e-4)


def test_bfloat16_gives_float32_vectors_close_to_the_reference(source: BackboneSource) -> None:
    ids, mask = padded_batch()
    rounded = load_torch_bfloat16(source, EncoderSettings())(ids, mask)[-1]
    exact = load_reference(source)(ids, mask)[-1]
    assert rounded.dtype == torch.float32
    assert not torch.equal(rounded, exact)
    cosine = torch.cosine_similarity(rounded, exact, dim=-1)[mask.bool()]
    assert float(cosine.min()) > 0.999


@pytest.mark.parametrize(
    ("cuda", "mps", "device"), [(True, True, "cuda"), (False, True, "mps"), (False, False, "cpu")]
)
def test_auto_takes_an_accelerator_when_there_is_one(
    monkeypatch: pytest.MonkeyPatch, cuda: bool, mps: bool, device: str
) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: cuda)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: mps)
    assert torch_backbone.pick_device("auto").type == device
    assert torch_backbone.pick_device("cpu").type == "cpu"


def test_a_device_that_is_not_there_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(SettingsError, match=r"encoder\.device is cuda, which torch cannot use"):
        torch_backbone.pick_device("cuda")


@pytest.mark.parametrize(
    ("device", "bfloat16", "dtype"),
    [
        ("cuda", True, torch.bfloat16),
        ("cuda", False, torch.float16),
        ("mps", False, torch.float16),
        ("cpu", True, torch.float32),
    ],
)
def test_accelerators_compute_in_half_precision(
    monkeypatch: pytest.MonkeyPatch, device: str, bfloat16: bool, dtype: torch.dtype
) -> None:
    monkeypatch.setattr(torch.cuda, "is_bf16_supported", lambda: bfloat16)
    assert torch_backbone.precision(torch.device(device)) == dtype
