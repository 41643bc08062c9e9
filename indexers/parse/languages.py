"""Programming languages: their suffixes, and what a definition looks like."""

from __future__ import annotations

import re
from dataclasses import dataclass

MODIFIERS = (
    r"(?:(?:export|default|public|private|protected|internal|static|final|abstract|async|sealed|"
    r"override|virtual|inline|extern|unsafe|const|constexpr|open|data|partial|pub(?:\([^)]*\))?)\s+)*"
)


@dataclass(frozen=True, slots=True)
class Language:
    """`definition` matches the first line of a definition, with its `indent` and its name.

    The name is the last group that took part.
    """

    name: str
    suffixes: tuple[str, ...]
    definition: re.Pattern[str]


def _keywords(keywords: str) -> re.Pattern[str]:
    """A definition is one of the keywords and a name."""
    return re.compile(
        rf"^(?P<indent>[ \t]*){MODIFIERS}(?:{keywords})\s+(?P<name>[\w$.]+(?:::\w+)*)", re.M
    )


TYPES = "class|interface|enum|struct|trait|record|namespace|module|object|union"
# A line that begins with a name and ends in the brace of a body: a function of the C family.
FUNCTION = re.compile(
    rf"^(?P<indent>[ \t]*){MODIFIERS}"
    r"(?!(?:if|for|while|switch|catch|return|else|do|try|using|lock|new)\b)"
    rf"(?:(?:{TYPES})\s+(?P<type>\w+)[^;()\n]*"
    r"|[\w:<>,*&\[\] ]{1,120}?[ *&](?P<function>[\w:~]{1,80})\([^;{}()\n]{0,200}\)[^;{}()\n]{0,80})"
    r"\s*\{",
    re.M,
)


LANGUAGES = (
    Language("python", (".py", ".pyi"), _keywords("class|def")),
    Language(
        "javascript",
        (".js", ".mjs", ".cjs", ".jsx"),
        _keywords(r"class|function\*?|(?:const|let|var)(?=\s+\w+\s*=\s*(?:async\b|function\b|\())"),
    ),
    Language(
        "typescript",
        (".ts", ".tsx", ".mts"),
        _keywords(
            r"class|interface|enum|type|namespace|function\*?|"
            r"(?:const|let)(?=\s+\w+[^=\n]*=\s*(?:async\b|function\b|\())"
        ),
    ),
    Language("java", (".java",), FUNCTION),
    Language("kotlin", (".kt", ".kts"), _keywords(f"{TYPES}|fun")),
    Language("scala", (".scala",), _keywords(f"{TYPES}|def")),
    Language("csharp", (".cs",), FUNCTION),
    Language("go", (".go",), _keywords(r"type|func(?:\s+\([^)]*\))?")),
    Language("rust", (".rs",), _keywords("fn|struct|enum|trait|mod|impl(?:<[^>]*>)?")),
    Language("c", (".c", ".h"), FUNCTION),
    Language("cpp", (".cc", ".cpp", ".cxx", ".hh", ".hpp"), FUNCTION),
    Language("ruby", (".rb",), _keywords("class|module|def")),
    Language("php", (".php",), _keywords(f"{TYPES}|function")),
    Language("swift", (".swift",), _keywords(f"{TYPES}|protocol|extension|func")),
    Language("lua", (".lua",), _keywords(r"(?:local\s+)?function")),
    Language("shell", (".sh", ".bash"), _keywords("function")),
    Language("sql", (".sql",), _keywords(r"(?i:create\s+(?:or\s+replace\s+)?\w+)")),
    Language(
        "r",
        (".r",),
        re.compile(r"^(?P<indent>[ \t]*)(?P<name>[\w.]+)\s*(?:<-|=)\s*function\b", re.M),
    ),
)
LANGUAGE_BY_SUFFIX = {suffix: known for known in LANGUAGES for suffix in known.suffixes}
