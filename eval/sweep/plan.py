"""What a sweep measures: which configurations on which collections, nothing twice."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import groupby, product
from typing import TYPE_CHECKING

from eval.sweep.row_sets import RowSet, chosen
from rag.types import Layout, TensorStorage, Unit

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from eval.sweep.configurations import Configuration

CANDIDATES = (100, 1000)


@dataclass(frozen=True, slots=True)
class SweepOptions:
    """Units, storages and pooling to compare, depths of candidates, sets or patterns of rows."""

    units: Sequence[Unit] = (Unit.CHUNK,)
    storages: Sequence[TensorStorage] = (TensorStorage.FLOAT,)
    token_poolings: Sequence[int] = (1,)
    candidates: Sequence[int] = CANDIDATES
    rows: Sequence[str] = (RowSet.STANDARD,)


@dataclass(frozen=True, slots=True)
class EvalCollection:
    """A collection to measure; `stored` is its name in the store."""

    name: str
    stored: str
    layout: Layout


@dataclass(frozen=True, slots=True)
class PlannedRun:
    """A row of the report: a configuration on a collection."""

    collection: EvalCollection
    configuration: Configuration

    @property
    def name(self) -> str:
        """Of the row and its run file."""
        return f"{self.collection.name}_{self.configuration.name}"

    @property
    def first_stage(self) -> PlannedRun:
        """The run that gives this one its candidates."""
        return replace(self, configuration=self.configuration.first_stage)


@dataclass(frozen=True, slots=True)
class Family:
    """Runs on one collection whose searches take turns, so that their times can be compared."""

    runs: tuple[PlannedRun, ...]

    @property
    def collection(self) -> EvalCollection:
        """That of all its runs."""
        return self.runs[0].collection

    @property
    def indexed(self) -> bool:
        """They search token vectors by their index."""
        return self.runs[0].configuration.indexed


def collections_of(options: SweepOptions, prefix: str = "") -> list[EvalCollection]:
    """One for each unit, pooling and storage; their names in the store begin with `prefix`."""
    units, storages = dict.fromkeys(options.units), dict.fromkeys(options.storages)
    poolings = dict.fromkeys(options.token_poolings)
    layouts = [
        Layout(unit, storage, pooling)
        for unit, pooling, storage in product(units, poolings, storages)
    ]
    return [EvalCollection(_name(one), f"{prefix}{_name(one)}", one) for one in layouts]


def plan(
    collections: Sequence[EvalCollection], rows: Mapping[str, int], options: SweepOptions
) -> list[Family]:
    """The runs, in the order in which they are made; `rows` counts those of each collection.

    Left out is what cannot differ from another run: rankings without token vectors on a
    second storage of them, and more candidates where fewer already take in every row.
    Raises: InputError for rows that are none.
    """
    wanted = chosen(options.rows, options.candidates)
    runs = [
        PlannedRun(collection, configuration)
        for collection in collections
        for configuration in _differing(wanted, rows[collection.name], options)
        if configuration.uses_tokens or _first_of_its_unit(collection, collections)
        if not configuration.indexed or _indexable(collection)
    ]
    ordered = sorted(runs, key=lambda run: run.configuration.indexed)  # stable
    return [Family(tuple(group)) for _, group in groupby(ordered, key=_family)]


def _differing(
    wanted: Sequence[Configuration], rows: int, options: SweepOptions
) -> Iterator[Configuration]:
    depths = sorted(set(options.candidates))
    whole = next((depth for depth in depths if depth >= rows), depths[-1])
    return (configuration for configuration in wanted if configuration.candidates <= whole)


def _first_of_its_unit(collection: EvalCollection, collections: Sequence[EvalCollection]) -> bool:
    same = (one for one in collections if one.layout.unit is collection.layout.unit)
    return next(same) == collection


def _indexable(collection: EvalCollection) -> bool:
    layout = collection.layout
    return layout.unit is Unit.CHUNK and layout.tensor_storage is TensorStorage.FLOAT


def _family(run: PlannedRun) -> tuple[str, Configuration]:
    return run.collection.name, run.configuration.first_stage


def _name(layout: Layout) -> str:
    pooled = f"-pooled{layout.token_pooling}" if layout.token_pooling > 1 else ""
    return f"{layout.unit}-{layout.tensor_storage}{pooled}"
