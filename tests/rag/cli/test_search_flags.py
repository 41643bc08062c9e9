"""One declaration of the search flags serves every command that searches."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from rag.cli.options import QuestionArgument, settings_from
from rag.cli.search_flags import SearchFlags, takes_search_flags
from rag.errors import SettingsError
from rag.settings import SearchSettings
from rag.types import Fusion, Leg, Normalization, Rerank

app = typer.Typer()
asked: list[tuple[str, SearchFlags]] = []


@app.command()
@takes_search_flags
def find(question: QuestionArgument, flags: SearchFlags) -> None:
    """Find."""
    asked.append((question, flags))


def flags_of(*arguments: str) -> SearchFlags:
    result = CliRunner().invoke(app, ["bees", *arguments])
    assert result.exit_code == 0, result.output
    question, flags = asked.pop()
    assert question == "bees"
    return flags


def settings_of(*arguments: str) -> SearchSettings:
    return settings_from(search=flags_of(*arguments).section()).search


def test_without_flags_the_settings_decide() -> None:
    assert flags_of() == SearchFlags()
    assert settings_of() == SearchSettings()


def test_every_flag_reaches_its_setting() -> None:
    found = settings_of(
        *("--legs", "dense,tensor", "--fusion", "weighted_sum", "--rank-constant", "7"),
        *("--weights", "dense=2,tensor=0.5", "--normalization", "atan"),
        *(
            "--rerank",
            "tensor+fuse",
            "--tensor-weight",
            "0.3",
            "--tensor-fusion",
            "rrf",
            "--candidates",
            "50",
            "-k",
            "5",
        ),
        *("--cross-encoder", "models/judge", "--cross-encoder-candidates", "20"),
    )
    assert found == SearchSettings(
        legs=(Leg.DENSE, Leg.TENSOR),
        fusion=Fusion.WEIGHTED_SUM,
        rank_constant=7,
        weights={Leg.DENSE: 2.0, Leg.TENSOR: 0.5},
        normalization=Normalization.ATAN,
        rerank=Rerank.TENSOR_FUSE,
        tensor_weight=0.3,
        tensor_fusion=Fusion.RRF,
        cross_encoder="models/judge",
        cross_encoder_candidates=20,
        candidates=50,
        top_k=5,
    )


@pytest.mark.parametrize(
    "arguments",
    [
        ("--legs", "fulltext,dense"),
        ("--legs", "fulltext", "--legs", "dense"),
        ("--legs", " fulltext , dense,", "--legs", "fulltext"),
    ],
)
def test_legs_may_be_listed_or_repeated_and_count_once(arguments: tuple[str, ...]) -> None:
    assert settings_of(*arguments).legs == (Leg.FULLTEXT, Leg.DENSE)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--legs", "colbert"), "search.legs"),
        (("--legs", ","), "search.legs"),
        (("--weights", "dense"), "dense=2"),
        (("--weights", "dense=much"), "search.weights.dense"),
        (("--weights", "dense=-1"), "search.weights.dense"),
        (("--weights", "dense=nan"), "search.weights.dense"),
        (("--legs", "dense", "--weights", "dense=0"), "has the weight 0"),
        (("--tensor-weight", "1.1"), "search.tensor_weight"),
        (("--candidates", "9"), "search.candidates"),
        (("--cross-encoder-candidates", "0"), "search.cross_encoder_candidates"),
    ],
)
def test_what_has_no_meaning_is_refused_in_one_sentence(
    arguments: tuple[str, ...], sentence: str
) -> None:
    with pytest.raises(SettingsError, match=sentence):
        settings_of(*arguments)


def test_help_names_every_flag() -> None:
    text: Any = CliRunner().invoke(app, ["--help"], env={"COLUMNS": "200"}).output
    for field in fields(SearchFlags):
        assert f"--{field.name.replace('_', '-')}" in text
