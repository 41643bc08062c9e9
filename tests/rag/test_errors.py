"""The error tree is what its docstring draws."""

from __future__ import annotations

import inspect

from rag import errors


def error_classes() -> list[type[errors.TridentError]]:
    classes = [c for _, c in inspect.getmembers(errors, inspect.isclass)]
    return [c for c in classes if issubclass(c, errors.TridentError)]


def test_every_error_is_drawn_in_the_docstring() -> None:
    assert errors.__doc__ is not None
    missing = [c.__name__ for c in error_classes() if c.__name__ not in errors.__doc__]
    assert missing == []


def test_codes_are_unique() -> None:
    codes = [c.code for c in error_classes()]
    assert len(set(codes)) == len(codes)


def test_bad_input_exits_with_2_and_answers_4xx_while_failures_exit_with_1_and_answer_5xx() -> None:
    for c in error_classes():
        bad_input = issubclass(c, errors.InputError)
        assert (c.exit_code == 2) is bad_input
        assert (c.http_status // 100 == 4) is bad_input
