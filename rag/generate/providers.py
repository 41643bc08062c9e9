"""What LangChain's providers call our options, where they differ."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


@dataclass(frozen=True, slots=True)
class Provider:
    """How a provider's class is made.

    `options` maps our option to what the class takes for it; one that is not named is not
    passed. `fixed` is passed always. `tells_finish`: an answer that ends without a reason to
    finish was cut off. `package` is what pip installs; None: langchain- and the name.
    """

    options: Mapping[str, Callable[[Any], Mapping[str, Any]]]
    fixed: Mapping[str, Any] = field(default_factory=dict)
    tells_finish: bool = False
    package: str | None = None

    def keywords(self, options: Mapping[str, Any]) -> dict[str, Any]:
        """The arguments of the class for the options that are given."""
        given = {name: value for name, value in options.items() if value is not None}
        named = [self.options[name](given[name]) for name in given if name in self.options]
        return {**self.fixed, **{key: value for part in named for key, value in part.items()}}

    def package_for(self, name: str) -> str:
        """What to install for the provider `name`."""
        return self.package or f"langchain-{name.replace('_', '-')}"


def _as(keyword: str) -> Callable[[Any], Mapping[str, Any]]:
    return lambda value: {keyword: value}


COMMON = {
    name: _as(name) for name in ("temperature", "max_tokens", "timeout", "base_url", "api_key")
}
# We try again ourselves, for all providers alike.
NO_RETRIES: Mapping[str, Any] = {"max_retries": 0}
PROVIDERS: Mapping[str, Provider] = defaultdict(
    lambda: Provider(COMMON, NO_RETRIES),
    {
        "openai": Provider(
            {**COMMON, "seed": _as("seed")},
            # Chat completions are what compatible servers speak.
            {**NO_RETRIES, "stream_usage": True, "use_responses_api": False},
            tells_finish=True,
        ),
        "ollama": Provider(
            {
                "temperature": _as("temperature"),
                "max_tokens": _as("num_predict"),
                "seed": _as("seed"),
                "base_url": _as("base_url"),
                "timeout": lambda seconds: {"client_kwargs": {"timeout": seconds}},
            },
        ),
        "google_genai": Provider(COMMON, NO_RETRIES, package="langchain-google-genai"),
    },
)
