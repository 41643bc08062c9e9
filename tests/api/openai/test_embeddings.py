"""`/v1/embeddings` by the official client and by LangChain's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import openai
import pytest
from langchain_openai import OpenAIEmbeddings
from pydantic import SecretStr

from tests.corpus import TEXTS

if TYPE_CHECKING:
    from rag.service import Rag

PASSAGES = [TEXTS["moon"], TEXTS["tokyo"]]


@pytest.fixture
def preset(rag: Rag) -> str:
    return rag.encoder.info.preset


@pytest.mark.parametrize("form", [{}, {"encoding_format": "float"}], ids=["base64", "float"])
def test_the_vectors_are_those_of_passages(
    openai_client: openai.OpenAI, rag: Rag, preset: str, form: dict[str, Any]
) -> None:
    found = openai_client.embeddings.create(model=preset, input=PASSAGES, **form)
    vectors = np.array([each.embedding for each in found.data])
    expected = [encoding.dense for encoding in rag.encoder.encode_documents(PASSAGES)]
    np.testing.assert_allclose(vectors, expected, atol=1e-5)
    assert [each.index for each in found.data] == [0, 1]
    tokens = sum(map(rag.encoder.count_tokens, PASSAGES))
    assert (found.model, found.usage.prompt_tokens) == (preset, tokens)


def test_one_text_is_one_vector_of_unit_length(openai_client: openai.OpenAI, preset: str) -> None:
    (only,) = openai_client.embeddings.create(model=preset, input="tides").data
    assert np.linalg.norm(only.embedding) == pytest.approx(1, abs=1e-5)


def test_a_question_is_encoded_as_one(openai_client: openai.OpenAI, rag: Rag, preset: str) -> None:
    question = "What causes the tides?"
    extension = {"input_type": "query"}
    found = openai_client.embeddings.create(model=preset, input=question, extra_body=extension)
    expected = rag.encoder.encode_question(question).dense
    np.testing.assert_allclose(found.data[0].embedding, expected, atol=1e-5)


def test_its_own_number_of_dimensions_may_be_named(
    openai_client: openai.OpenAI, rag: Rag, preset: str
) -> None:
    width = rag.encoder.info.dense_dim
    found = openai_client.embeddings.create(model=preset, input="x", dimensions=width)
    assert len(found.data[0].embedding) == width


def test_langchain_embeds_and_finds_the_nearest(live_url: str, preset: str) -> None:
    embeddings = OpenAIEmbeddings(
        model=preset,
        base_url=f"{live_url}/v1",
        api_key=SecretStr("none"),
        check_embedding_ctx_length=False,  # it would send the token ids of another model
    )
    documents = np.array(embeddings.embed_documents(list(TEXTS.values())))
    nearest = documents @ np.array(embeddings.embed_query("What causes the tides?"))
    assert list(TEXTS)[int(nearest.argmax())] == "moon"


@pytest.mark.parametrize(
    ("body", "param"),
    [
        ({"input": [1, 2, 3]}, "input"),
        ({"input": [[1, 2], [3]]}, "input"),
        ({"input": []}, "input"),
        ({"input": ""}, "input"),
        ({"input": ["x"] * 2049}, "input"),
        ({"input": ["x", ""]}, "input[1]"),
        ({"input": "x", "encoding_format": "hex"}, "encoding_format"),
        ({"input": "x", "dimensions": 3}, None),
        ({"input": "x", "extra_body": {"input_type": "document"}}, "input_type"),
    ],
)
def test_what_cannot_be_embedded_is_a_bad_request(
    openai_client: openai.OpenAI, preset: str, body: dict[str, Any], param: str | None
) -> None:
    with pytest.raises(openai.BadRequestError) as raised:
        openai_client.embeddings.create(model=preset, **body)
    assert raised.value.type == "invalid_request_error"
    assert raised.value.param == param


def test_token_ids_are_refused_with_what_to_set(openai_client: openai.OpenAI, preset: str) -> None:
    with pytest.raises(openai.BadRequestError, match="check_embedding_ctx_length=False"):
        openai_client.embeddings.create(model=preset, input=[1, 2, 3])


def test_another_model_is_not_found(openai_client: openai.OpenAI) -> None:
    with pytest.raises(openai.NotFoundError, match="GET /v1/models"):
        openai_client.embeddings.create(model="text-embedding-3-small", input="x")
