"""The grammar of a filter that is typed, in the notation of Lark, for an LALR(1) parser.

FIELD and VALUE look alike; the parser's state says which of them can stand at a place.
The same holds for the words of the grammar: `lang = in` compares with the text "in".
"""

from __future__ import annotations

GRAMMAR = r"""
?disjunction: conjunction (_OR conjunction)*
?conjunction: part (_AND part)*
?part: _NOT part -> negation
    | "(" disjunction ")"
    | condition

?condition: FIELD COMPARISON VALUE -> comparison
    | FIELD _IN _values -> membership
    | FIELD _NOT _IN _values -> exclusion
    | FIELD _HAS VALUE -> has_any
    | FIELD _HAS_ANY _values -> has_any
    | FIELD _HAS_ALL _values -> has_all
    | FIELD _EXISTS -> exists
_values: "(" VALUE (_COMMA VALUE)* ")"

COMPARISON: "==" | "=" | "!=" | "<>" | "<=" | "<" | ">=" | ">"
_COMMA: ","
_AND.1: /and(?![\w-])/i
_OR.1: /or(?![\w-])/i
_NOT.1: /not(?![\w-])/i
_IN.1: /in(?![\w-])/i
_HAS.1: /has(?![\w-])/i
_HAS_ANY.1: /has_any(?![\w-])/i
_HAS_ALL.1: /has_all(?![\w-])/i
_EXISTS.1: /exists(?![\w-])/i
FIELD: _QUOTED | _PLAIN
VALUE: _QUOTED | _PLAIN
_QUOTED: /"(\\.|[^"\\])*"|'(\\.|[^'\\])*'/s
_PLAIN: /[^\s()"',=<>!]+/
%ignore /\s+/
"""
