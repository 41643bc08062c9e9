"""Published figures are there as they were published, with where they come from."""

from __future__ import annotations

import json

import pytest

from eval.data.formats import MLDR_LANGUAGES
from eval.report.published import published_sources
from tests.eval.shared_data import data_path


@pytest.mark.parametrize("language", MLDR_LANGUAGES)
def test_every_language_has_figures_with_a_citation(language: str) -> None:
    sources = published_sources(language)
    assert sources
    for source in sources:
        assert "arXiv:" in source.citation
        figures = [figure.ndcg10 for figure in source.figures]
        assert figures == sorted(figures, reverse=True)
        assert all(0 < figure < 1 for figure in figures)


def test_a_language_that_nobody_published_has_none() -> None:
    assert published_sources("xx") == []


def test_a_figure_that_everybody_knows() -> None:
    m3 = {figure.system: figure for figure in published_sources("en")[0].figures}
    assert m3["BGE-M3 dense"].ndcg10 == 0.489
    assert m3["BGE-M3 dense"].legs == ("dense",)
    assert m3["BGE-M3 multi-vec"].legs is None


def test_the_figures_are_those_of_the_reference_collection() -> None:
    reference = json.loads(data_path("reference_numbers.json").read_text())
    for language in MLDR_LANGUAGES:
        ours = {s.name: sorted(f.ndcg10 for f in s.figures) for s in published_sources(language)}
        m3 = [row[language] for row in reference["m3_table3"]["rows"].values() if language in row]
        infinity = [r["ndcg10"] for r in reference["infinity"]["rows"] if r["lang"] == language]
        assert ours["BGE-M3"] == pytest.approx(sorted(value / 100 for value in m3))
        assert ours.get("Infinity", []) == sorted(infinity)
