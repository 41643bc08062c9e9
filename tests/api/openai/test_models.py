"""`/v1/models` by the official client."""

from __future__ import annotations

from typing import TYPE_CHECKING

import openai
import pytest

if TYPE_CHECKING:
    from rag.service import Rag


def test_there_is_a_model_for_each_collection_and_the_encoder(
    openai_client: openai.OpenAI, rag: Rag, corpus: str
) -> None:
    names = [model.id for model in openai_client.models.list()]
    assert f"trident/{corpus}" in names
    assert rag.encoder.info.preset in names


def test_a_model_tells_when_its_collection_was_made(
    openai_client: openai.OpenAI, corpus: str
) -> None:
    model = openai_client.models.retrieve(f"trident/{corpus}")
    assert (model.id, model.object, model.owned_by) == (f"trident/{corpus}", "model", "trident")
    assert model.created > 1_700_000_000


def test_the_default_collection_is_a_model_only_where_there_is_one(
    openai_client: openai.OpenAI, rag: Rag
) -> None:
    names = {model.id for model in openai_client.models.list()}
    exists = rag.settings.collection in {each.spec.name for each in rag.store.collections()}
    assert ("trident" in names) is exists


def test_a_model_that_is_not_there_is_not_found(openai_client: openai.OpenAI) -> None:
    with pytest.raises(openai.NotFoundError) as raised:
        openai_client.models.retrieve("gpt-4o")
    assert raised.value.code == "model_not_found"
    assert raised.value.request_id
