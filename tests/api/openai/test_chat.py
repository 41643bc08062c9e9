"""`/v1/chat/completions` by the official client and by LangChain's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import openai
import pytest
from langchain_core.messages import AIMessage, HumanMessage, SystemMessage
from langchain_openai import ChatOpenAI
from pydantic import SecretStr

from tests.api.live import served
from tests.api.scripted import SAID, BrokenModel, asking
from tests.rag.generate.scripted import ScriptedModel

if TYPE_CHECKING:
    from collections.abc import Iterator

    from openai.types.chat import ChatCompletion, ChatCompletionChunk

    from rag.service import Rag

QUESTION = "How do bees tell the hive where flowers are?"
ASKED: list[Any] = [{"role": "user", "content": QUESTION}]


@pytest.fixture
def model(corpus: str) -> str:
    return f"trident/{corpus}"


@pytest.fixture
def langchain(live_url: str, model: str) -> ChatOpenAI:
    return langchain_at(live_url, model)


def langchain_at(url: str, model: str) -> ChatOpenAI:
    return ChatOpenAI(model=model, base_url=f"{url}/v1", api_key=SecretStr("none"), max_retries=0)


def client_of(url: str) -> openai.OpenAI:
    return openai.OpenAI(base_url=f"{url}/v1", api_key="none", max_retries=0)


def whole(client: openai.OpenAI, model: str, **given: Any) -> ChatCompletion:
    completion: ChatCompletion = client.chat.completions.create(
        model=model, **{"messages": ASKED, **given}
    )
    return completion


def streamed(client: openai.OpenAI, model: str, **given: Any) -> list[ChatCompletionChunk]:
    stream: Iterator[ChatCompletionChunk] = client.chat.completions.create(
        model=model, stream=True, **{"messages": ASKED, **given}
    )
    return list(stream)


def extension(message: Any) -> dict[str, Any]:
    """What the field `trident` of a message holds."""
    found: dict[str, Any] = message.model_extra["trident"]
    return found


def test_the_answer_is_that_of_the_service(
    openai_client: openai.OpenAI, rag: Rag, corpus: str, model: str
) -> None:
    completion = whole(openai_client, model)
    (choice,) = completion.choices
    direct = rag.ask(QUESTION, collection=corpus)
    assert (choice.message.content, choice.finish_reason) == (direct.text, "stop")
    assert (completion.model, completion.object) == (model, "chat.completion")
    assert completion.usage is not None
    assert completion.usage.total_tokens == 0  # no language model was asked


def test_citations_grounding_and_search_come_with_the_message(
    openai_client: openai.OpenAI, model: str
) -> None:
    found = extension(whole(openai_client, model).choices[0].message)
    assert found["citations"][0]["doc_id"] == "bees"
    assert found["grounding"]["grounded"] is True
    assert found["search"]["passages"][0]["doc_id"] == "bees"
    assert found["notices"] == []


def test_the_pieces_of_a_stream_add_up_to_the_whole_answer(
    openai_client: openai.OpenAI, model: str
) -> None:
    chunks = streamed(openai_client, model)
    completion = whole(openai_client, model)
    deltas = [chunk.choices[0].delta for chunk in chunks]
    assert "".join(delta.content or "" for delta in deltas) == completion.choices[0].message.content
    assert [delta.role for delta in deltas] == ["assistant", *[None] * (len(deltas) - 1)]
    assert {chunk.id for chunk in chunks} == {chunks[0].id}
    assert [chunk.choices[0].finish_reason for chunk in chunks[-2:]] == [None, "stop"]
    expected = extension(completion.choices[0].message)
    assert extension(deltas[-1])["citations"] == expected["citations"]
    assert extension(deltas[-1])["grounding"]["grounded"] is True


def test_the_streaming_helper_of_the_client_ends_with_the_whole_message(
    openai_client: openai.OpenAI, model: str
) -> None:
    with openai_client.chat.completions.stream(model=model, messages=ASKED) as stream:
        message = stream.get_final_completion().choices[0].message
    assert message.content == whole(openai_client, model).choices[0].message.content
    assert extension(message)["citations"][0]["doc_id"] == "bees"


def test_tokens_used_are_told_whole_and_in_a_last_chunk_where_asked_for(
    rag: Rag, model: str
) -> None:
    with served(asking(rag, ScriptedModel(SAID, SAID, SAID))) as url, client_of(url) as client:
        usage = whole(client, model).usage
        *_, last = streamed(client, model, stream_options={"include_usage": True})
        silent = streamed(client, model)
    assert usage is not None
    assert usage.completion_tokens > 0
    assert usage.total_tokens == usage.prompt_tokens + usage.completion_tokens
    assert (last.choices, last.usage) == ([], usage)
    assert {chunk.usage for chunk in silent} == {None}


def test_earlier_messages_are_the_conversation(rag: Rag, model: str) -> None:
    scripted = ScriptedModel("When did Mount Etna erupt again?", "In 2021 [1].")
    messages = [
        {"role": "user", "content": "Which volcano is the most active in Europe?"},
        {"role": "assistant", "content": "Mount Etna [1]."},
        {"role": "user", "content": [{"type": "text", "text": "And when?"}]},
    ]
    with served(asking(rag, scripted)) as url, client_of(url) as client:
        completion = whole(client, model, messages=messages)
    found = extension(completion.choices[0].message)["search"]
    assert found["question"] == "When did Mount Etna erupt again?"
    assert "assistant: Mount Etna" in scripted.asked[0][0][-1].content


def test_an_answer_may_be_sent_back_with_all_that_came_with_it(
    openai_client: openai.OpenAI, model: str
) -> None:
    first = whole(openai_client, model).choices[0].message
    follow_up = {"role": "user", "content": "How many eggs does a queen lay?"}
    second = whole(openai_client, model, messages=[*ASKED, first, follow_up])
    assert second.choices[0].message.content


def test_system_messages_reach_no_model_and_that_is_said(rag: Rag, model: str) -> None:
    scripted = ScriptedModel(SAID)
    messages = [{"role": "system", "content": "Talk like a pirate."}, *ASKED]
    with served(asking(rag, scripted)) as url, client_of(url) as client:
        completion = whole(client, model, messages=messages)
    sent = [message.content for prompt, _ in scripted.asked for message in prompt]
    assert sent
    assert not any("pirate" in content for content in sent)
    (notice,) = extension(completion.choices[0].message)["notices"][:1]
    assert notice.startswith("System messages were not followed")


def test_harmless_parameters_are_taken_and_it_is_said_that_they_are_not_used(
    openai_client: openai.OpenAI, model: str
) -> None:
    completion = whole(openai_client, model, temperature=0.2, max_tokens=5, seed=1, user="me", n=1)
    (notice,) = extension(completion.choices[0].message)["notices"]
    assert notice == "Not used: temperature, max_tokens, seed, user; the server's settings decide."


TOOL = {"type": "function", "function": {"name": "f", "parameters": {}}}


@pytest.mark.parametrize(
    ("given", "param"),
    [
        ({"tools": [TOOL]}, "tools"),
        ({"n": 2}, "n"),
        ({"logprobs": True}, "logprobs"),
        ({"stop": ["x"]}, "stop"),
        ({"response_format": {"type": "json_object"}}, "response_format.type"),
        ({"extra_body": {"unheard_of": 1}}, "unheard_of"),
        ({"messages": []}, "messages"),
        ({"messages": [{"role": "system", "content": "x"}]}, "messages"),
        ({"messages": [*ASKED, {"role": "assistant", "content": "x"}]}, "messages"),
        ({"messages": [{"role": "tool", "content": "x", "tool_call_id": "x"}]}, "messages[0].role"),
        ({"messages": ASKED * 1001}, "messages"),
        ({"messages": [{"role": "user", "content": "x" * 200_001}]}, "messages[0].content"),
    ],
)
def test_what_cannot_be_done_is_a_bad_request_that_names_the_parameter(
    openai_client: openai.OpenAI, model: str, given: dict[str, Any], param: str
) -> None:
    with pytest.raises(openai.BadRequestError) as raised:
        whole(openai_client, model, **given)
    assert (raised.value.type, raised.value.param) == ("invalid_request_error", param)


def test_an_empty_question_is_a_bad_request(openai_client: openai.OpenAI, model: str) -> None:
    with pytest.raises(openai.BadRequestError) as raised:
        whole(openai_client, model, messages=[{"role": "user", "content": " "}])
    assert raised.value.code == "empty_question"


@pytest.mark.parametrize("name", ["gpt-4o", "trident/nowhere", "minilm"])
@pytest.mark.parametrize("stream", [False, True])
def test_another_model_is_not_found(
    openai_client: openai.OpenAI, name: str, *, stream: bool
) -> None:
    with pytest.raises(openai.NotFoundError) as raised:
        whole(openai_client, name, stream=stream)
    assert raised.value.code == "model_not_found"


def test_a_model_that_breaks_is_an_error_of_the_server(rag: Rag, model: str) -> None:
    with (
        served(asking(rag, BrokenModel())) as url,
        client_of(url) as client,
        pytest.raises(openai.InternalServerError, match="The model broke") as raised,
    ):
        whole(client, model)
    assert (raised.value.status_code, raised.value.code) == (502, "generation_failed")


def test_a_model_that_breaks_while_it_writes_ends_the_stream_with_an_error(
    rag: Rag, model: str
) -> None:
    with served(asking(rag, BrokenModel())) as url, client_of(url) as client:
        stream = client.chat.completions.create(model=model, messages=ASKED, stream=True)
        heard = [next(stream).choices[0].delta.content for _ in range(2)]
        with pytest.raises(openai.APIError, match="The model broke") as raised:
            next(stream)
    assert heard == ["", "Bees"]
    assert raised.value.code == "generation_failed"


def test_langchain_asks_with_its_system_message(langchain: ChatOpenAI) -> None:
    answer = langchain.invoke([SystemMessage("Be brief."), HumanMessage(QUESTION)])
    assert "dance" in answer.text
    assert answer.response_metadata["finish_reason"] == "stop"


def test_langchain_streams_what_it_gets_whole(langchain: ChatOpenAI) -> None:
    pieces = [piece.text for piece in langchain.stream(QUESTION)]
    assert len([piece for piece in pieces if piece]) >= 1
    assert "".join(pieces) == langchain.invoke(QUESTION).text


def test_langchain_sends_the_conversation_and_hears_of_tokens(rag: Rag, model: str) -> None:
    scripted = ScriptedModel("When did Mount Etna erupt again?", "In 2021 [1].")
    said = [HumanMessage("Etna?"), AIMessage("A volcano."), HumanMessage("And when?")]
    with served(asking(rag, scripted)) as url:
        answer = langchain_at(url, model).invoke(said)
    assert "2021" in answer.text
    assert answer.usage_metadata is not None
    assert answer.usage_metadata["output_tokens"] > 0
