"""Text of documents and users made safe for a prompt: it can be read, but gives no orders.

A prompt marks quoted text by delimiters, as Hines et al. 2024 ("Defending Against Indirect
Prompt Injection Attacks With Spotlighting", arXiv:2403.14720) do; here nothing that is quoted
can write one, nor a special token of a chat template, nor a mark that passes for a citation.
Offsets of citations come from the passages themselves, never from what is made here.
"""

from __future__ import annotations

import re

ESCAPED_LESS_THAN = "&lt;"
# The sign opens every tag and nearly every special token (<|im_start|>, <s>, <start_of_turn>,
# <<SYS>>, <｜User｜>); its look-alikes become it in tokenizers that normalise.
LESS_THAN = re.compile(r"[<\uff1c\ufe64]")
# Those of Mistral's and Llama 2's templates: [INST], [/INST], [SYSTEM_PROMPT], [TOOL_CALLS].
BRACKET_TOKEN = re.compile(r"\[(/?[A-Z][A-Z_]{2,})\]")
# What would pass for a citation of ours, at most three digits a number.
CITATION_LIKE = re.compile(r"[\[［](\s*\d{1,3}(?:\s*[,;–-]\s*\d{1,3})*\s*)[\]］]")
# A line that plays a turn of the conversation, or a heading of an instruction template.
ROLE_LINE = re.compile(
    r"^(?=[ \t#*>_]*(?:system|user|human|assistant|ai|model|developer|tool|instructions?|response"
    r"|question|answer)\b[ \t*_]*[:：]|[ \t]*#{2,}[ \t])",
    re.IGNORECASE | re.MULTILINE,
)
QUOTED_LINE = "| "
# Line ends of every kind; a prompt's own are \n.
LINE_END = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
# Controls, lone surrogates, and what is invisible or turns the direction of reading: soft
# hyphen, zero-width space, word joiners, bidirectional overrides, tags and variation selectors
# of the supplementary plane. Joiners that Persian and emoji need stay.
INVISIBLE = re.compile(
    r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u180e\u200b\u200e\u200f\u202a-\u202e"
    r"\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e0fff]"
)


def escape(text: str) -> str:
    """A text of any number of lines for the inside of a delimiter."""
    visible = INVISIBLE.sub("", LINE_END.sub("\n", text))
    plain = CITATION_LIKE.sub(r"(\1)", BRACKET_TOKEN.sub(r"(\1)", visible))
    return LESS_THAN.sub(ESCAPED_LESS_THAN, ROLE_LINE.sub(QUOTED_LINE, plain))


def escape_line(text: str) -> str:
    """A text on one line, such as a title or a question."""
    return escape(" ".join(text.split()))
