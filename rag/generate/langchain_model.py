"""Any chat model that LangChain knows, behind our protocol.

Models are made by `init_chat_model`
(https://reference.langchain.com/python/langchain/chat_models/base/init_chat_model).
"""

from __future__ import annotations

import os
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from pydantic import SecretStr

from rag.errors import SettingsError
from rag.generate.faults import fault_of
from rag.generate.providers import PROVIDERS, Provider
from rag.generate.retry import retried
from rag.settings import UNDECLARED_CONTEXT
from rag.types import Delta, Finish, Usage

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping, Sequence

    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import AIMessageChunk

    from rag.settings import GeneratorSettings
    from rag.types import Message, Sampling

FINISHES: Mapping[str, Finish] = {
    "length": Finish.LENGTH,
    "max_tokens": Finish.LENGTH,
    "content_filter": Finish.FILTERED,
    "refusal": Finish.FILTERED,
    "safety": Finish.FILTERED,
}
FINISH_KEYS = ("finish_reason", "stop_reason", "done_reason")
# Without the model's own tokenizer, and on the high side: English has some four letters a
# token; other scripts may have more than one token a character.
ASCII_PER_TOKEN = 3.0
TOKENS_PER_OTHER = 1.5


class LangchainModel:
    """A `LanguageModel` of `settings.model`, which reads `provider:model`."""

    def __init__(self, settings: GeneratorSettings):
        self._settings = settings
        provider, _, self._model_name = settings.model.partition(":")
        if not self._model_name:
            raise SettingsError(
                f"There is no generator {settings.model!r:.80}; set generator.model to extractive, "
                "local, or provider:model such as openai:gpt-5-mini."
            )
        self._provider_name = provider
        self._provider: Provider = PROVIDERS[provider]
        self._key = _key(settings.api_key_env)
        self._made = lru_cache(maxsize=8)(self._make)
        self._context = settings.context_tokens or _declared_context(self._made(None, None, None))

    @property
    def name(self) -> str:
        """As the settings name it."""
        return self._settings.model

    @property
    def context_tokens(self) -> int:
        """As set, else as LangChain's profile of the model says, else a fallback."""
        return self._context

    def stream(self, messages: Sequence[Message], sampling: Sampling) -> Generator[Delta]:
        """Text as it arrives; transient faults before the first piece are tried again."""
        try:
            yield from retried(lambda: self._stream(messages, sampling), self._settings.attempts)
        except GeneratorExit:
            raise
        except Exception as error:  # noqa: BLE001 - providers' clients share no tree of errors
            # From None: a provider's own text may hold the key, and would reach the log.
            raise fault_of(error).error(self.name) from None

    def count_tokens(self, text: str) -> int:
        """An estimate on the high side, since providers' tokenizers are not at hand."""
        letters = sum(character.isascii() for character in text)
        others = len(text) - letters
        return int(letters / ASCII_PER_TOKEN + others * TOKENS_PER_OTHER) + 1

    def close(self) -> None:
        """Forget the clients."""
        self._made.cache_clear()

    def _stream(self, messages: Sequence[Message], sampling: Sampling) -> Generator[Delta]:
        model = self._made(sampling.temperature, sampling.max_tokens, sampling.seed)
        sent = [(message.role.value, message.content) for message in messages]
        total, finish, written = None, None, 0
        for chunk in model.stream(sent, stop=list(sampling.stop) or None):
            total = _usage(total, chunk)
            finish = _finish(chunk) or finish
            written += self.count_tokens(str(chunk.text))
            if chunk.text:
                yield Delta(str(chunk.text))
        if finish is None and self._provider.tells_finish:
            raise ConnectionError("the stream ended before the answer did")
        prompt = sum(self.count_tokens(message.content) for message in messages)
        yield Delta("", total or Usage(prompt, written, estimated=True), finish or Finish.STOP)

    def _make(
        self, temperature: float | None, max_tokens: int | None, seed: int | None
    ) -> BaseChatModel:
        """A client with these options; clients are cheap and hold connections of their own."""
        from langchain.chat_models import init_chat_model

        options = {
            "temperature": temperature,
            "max_tokens": max_tokens,
            "seed": seed,
            "timeout": self._settings.timeout,
            "base_url": self._settings.base_url,
            "api_key": self._key,
        }
        try:
            made: BaseChatModel = init_chat_model(
                self._model_name,
                model_provider=self._provider_name,
                **self._provider.keywords(options),
            )
        except ImportError:
            raise SettingsError(
                f"The provider {self._provider_name} needs a package that is not installed; "
                f"run `pip install {self._provider.package_for(self._provider_name)}`."
            ) from None
        except Exception as error:  # noqa: BLE001 - as above; what it says may hold the key
            raise SettingsError(self._cannot_be_made(error)) from None
        return made

    def _cannot_be_made(self, error: Exception) -> str:
        missing_key = self._key is None and "key" in str(error).lower()
        hint = (
            f"set its key, such as {self._provider_name.upper()}_API_KEY, in the environment, or "
            "name the variable that holds it in generator.api_key_env"
            if missing_key
            else "see that the provider exists and that the generator settings suit it"
        )
        return f"The model {self.name} cannot be used: {hint}."


def _key(variable: str | None) -> SecretStr | None:
    """The key from the environment. Raises: SettingsError."""
    if variable is None:
        return None
    value = os.environ.get(variable)
    if not value:
        raise SettingsError(f"The environment variable {variable} that is to hold a key is empty.")
    return SecretStr(value)


def _declared_context(model: BaseChatModel) -> int:
    profile: Mapping[str, Any] = getattr(model, "profile", None) or {}
    return int(profile.get("max_input_tokens") or UNDECLARED_CONTEXT)


def _usage(total: Usage | None, chunk: AIMessageChunk) -> Usage | None:
    reported = chunk.usage_metadata
    if not reported:
        return total
    return (total or Usage()) + Usage(reported["input_tokens"], reported["output_tokens"])


def _finish(chunk: AIMessageChunk) -> Finish | None:
    said = (chunk.response_metadata.get(key) for key in FINISH_KEYS)
    reason = next((str(reason).lower() for reason in said if reason), None)
    return None if reason is None else FINISHES.get(reason, Finish.STOP)
