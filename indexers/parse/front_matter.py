"""Front matter: YAML between two lines of --- at the top of a Markdown file.

Scalars are read by the core schema of YAML 1.2 (yaml.org/spec/1.2.2, chapter 10.3), since
YAML 1.1, which PyYAML follows, takes the language `no` for false and 12:30 for 750. Dates stay
as they are written. Tags and aliases are refused: they only serve to harm.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

import yaml

from indexers.parse.builder import clean

if TYPE_CHECKING:
    from rag.types import MetadataValue

BLOCK = re.compile(r"\A---[ \t]*\n(.*?\n)(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
MOST_CHARACTERS = 65_536
INT64 = range(-(2**63), 2**63)
# Tag, pattern and possible first characters; what fits none is text.
CORE_SCHEMA = (
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("bool", r"true|True|TRUE|false|False|FALSE", list("tTfF")),
    ("int", r"[-+]?(?:0|[1-9][0-9]*)", list("-+0123456789")),
    # A number with leading zeros is neither of the two: it is a code, whose zeros count.
    ("float", r"[-+]?(?:[0-9]*\.[0-9]+|[0-9]+\.)(?:[eE][-+]?[0-9]+)?", list("-+.0123456789")),
)


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What the front matter says; `end` is where the text below it begins, 0 without any."""

    end: int = 0
    title: str = ""
    metadata: Mapping[str, MetadataValue] = field(default_factory=dict)


def read_front_matter(text: str) -> FrontMatter:
    """The front matter of a text of which it stays a part.

    One that is malformed, or longer than `MOST_CHARACTERS`, gives neither title nor metadata.
    """
    block = BLOCK.match(text)
    if not block:
        return FrontMatter()
    fields = _load(block[1])
    if not isinstance(fields, Mapping):  # two rules with text between them
        return FrontMatter()
    known = {clean(_text(key)): value for key, value in fields.items() if value is not None}
    title = " ".join(clean(_text(known.pop("title", ""))).split())
    return FrontMatter(block.end(), title, {key: _value(value) for key, value in known.items()})


def _load(block: str) -> Any:
    """The YAML value; no fields when it cannot be read."""
    if len(block) > MOST_CHARACTERS:
        return {}
    try:
        loaded = yaml.load(block, CoreLoader)  # noqa: S506 - a SafeLoader
    except (yaml.YAMLError, ValueError, RecursionError):
        return {}
    return {} if loaded is None else loaded


def _value(value: object) -> MetadataValue:
    """A field's value; what no field can hold, such as a mapping, becomes JSON text."""
    if isinstance(value, list):
        return [clean(_text(each)) for each in value if each is not None]
    if isinstance(value, float) and math.isfinite(value):
        return value
    if isinstance(value, int) and value in INT64:
        return value
    return clean(_text(value))


def _text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


class CoreLoader(yaml.SafeLoader):  # type: ignore[misc] # PyYAML has no types
    """Null, booleans, numbers, text, lists and mappings, each only in its plain form."""

    yaml_implicit_resolvers: ClassVar[dict[str, Any]] = {}

    def compose_node(self, parent: Any, index: Any) -> Any:
        """Refuse what is not plain: aliases may spell more than memory holds."""
        event = self.peek_event()
        if isinstance(event, yaml.AliasEvent) or event.tag is not None:
            raise yaml.YAMLError("tags and aliases are not read")
        return super().compose_node(parent, index)


for _tag, _pattern, _first in CORE_SCHEMA:
    CoreLoader.add_implicit_resolver(
        f"tag:yaml.org,2002:{_tag}", re.compile(f"(?:{_pattern})\\Z"), _first
    )
