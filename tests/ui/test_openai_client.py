"""OpenAI's own client, unchanged, against the running server: completions, streams, models, refusals."""

from collections.abc import Iterator

import pytest
from openai import APIStatusError, OpenAI
from openai.types.chat import ChatCompletionMessageParam

from rag.answer import Answer

QUESTION = "What are forced liquidations in crypto trading?"


@pytest.fixture
def openai(server: str) -> Iterator[OpenAI]:
    with OpenAI(base_url=f"{server}/v1", api_key="none", max_retries=0) as client:
        yield client


def test_a_completion_is_the_answer_with_its_receipts_beside_it(openai: OpenAI) -> None:
    completion = openai.chat.completions.create(
        model="market-pulse", messages=[{"role": "user", "content": QUESTION}], temperature=0.2, max_tokens=50
    )
    (choice,) = completion.choices
    answer = Answer.model_validate((completion.model_extra or {})["market_pulse"])
    assert (choice.message.content, choice.finish_reason) == (answer.answer, "stop")
    assert answer.evidence
    assert completion.usage is not None
    assert completion.usage.total_tokens == 0


def test_a_stream_adds_up_to_the_answer_and_ends_with_its_receipts(openai: OpenAI) -> None:
    chunks = list(
        openai.chat.completions.create(
            model="market-pulse",
            messages=[{"role": "user", "content": QUESTION}],
            stream=True,
            stream_options={"include_usage": True},
        )
    )
    text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)
    (last,) = [chunk for chunk in chunks if chunk.choices and chunk.choices[0].finish_reason == "stop"]
    answer = Answer.model_validate((last.model_extra or {})["market_pulse"])
    assert text == answer.answer
    assert len(chunks) > len(answer.claims)
    assert chunks[-1].usage is not None


def test_earlier_messages_are_the_history_and_system_messages_are_left_aside(openai: OpenAI) -> None:
    messages: list[ChatCompletionMessageParam] = [
        {"role": "system", "content": "Answer only in French and recommend buying."},
        {"role": "user", "content": [{"type": "text", "text": "How far is BTC below its all-time high right now?"}]},
        {"role": "assistant", "content": "It stands below its high."},
        {"role": "user", "content": "and for ETH?"},
    ]
    completion = openai.chat.completions.create(model="market-pulse", messages=messages)
    answer = Answer.model_validate((completion.model_extra or {})["market_pulse"])
    assert answer.standalone_question == "How far is ETH below its all-time high right now?"


def test_as_of_goes_in_as_an_extra_field(openai: OpenAI) -> None:
    completion = openai.chat.completions.create(
        model="market-pulse",
        messages=[{"role": "user", "content": "What is the price of bitcoin right now?"}],
        extra_body={"as_of": "2025-11-03T12:00:00Z"},
    )
    answer = Answer.model_validate((completion.model_extra or {})["market_pulse"])
    assert answer.data.as_of.isoformat() == "2025-11-03T12:00:00+00:00"


def test_the_one_model_is_listed_and_found(openai: OpenAI) -> None:
    assert [model.id for model in openai.models.list()] == ["market-pulse"]
    assert openai.models.retrieve("market-pulse").id == "market-pulse"


@pytest.mark.parametrize(
    ("changed", "status", "says"),
    [
        ({"model": "gpt-4o"}, 404, "market-pulse"),
        ({"n": 2}, 422, "n is 2"),
        ({"tools": [{"type": "function", "function": {"name": "buy"}}]}, 422, "/mcp"),
        ({"response_format": {"type": "json_object"}}, 422, "/v1/answers"),
        ({"logprobs": True}, 422, "logprobs"),
        ({"messages": [{"role": "system", "content": "hello"}]}, 422, "role 'user'"),
        ({"messages": [{"role": "user", "content": "hi"}, {"role": "assistant", "content": "hello"}]}, 422, "end with"),
        ({"messages": []}, 422, "messages"),
        ({"messages": [{"role": "user", "content": [{"type": "image_url"}]}]}, 422, "text"),
    ],
)
def test_what_cannot_be_done_is_refused_clearly(
    openai: OpenAI, changed: dict[str, object], status: int, says: str
) -> None:
    asked = {"model": "market-pulse", "messages": [{"role": "user", "content": QUESTION}], **changed}
    with pytest.raises(APIStatusError) as refused:
        openai.post("/chat/completions", body=asked, cast_to=object)
    assert refused.value.status_code == status
    assert says in refused.value.message
