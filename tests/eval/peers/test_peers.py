"""Every peer that is installed, in this process, over twenty documents with real vectors."""

from __future__ import annotations

from collections import Counter
from math import log
from typing import TYPE_CHECKING

import numpy as np
import pytest

from eval.data.datasets import Question
from eval.peers.base import Setup, Way
from eval.peers.passages import PassageFolder, provide_passages
from eval.peers.registry import OURS, PEERS
from eval.sweep.runs import Asked
from rag.settings import EncoderSettings, Settings
from rerankers.maxsim import maxsim_documents
from tests.eval.collection import QUESTIONS
from tests.eval.peers.collection import ALL, documents

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import TypeAlias

    from eval.peers.base import Peer
    from eval.peers.passages import Passages
    from rag.encoders.base import Encoder

    OpenPeer: TypeAlias = Callable[[str], Peer]

SETTINGS = Settings(encoder=EncoderSettings(offline=True, runtime="torch", device="cpu"))
# Ours is the embedded engine, of which a process has one; test_comparison.py has it.
OTHERS = [name for name in PEERS if name != OURS]
EXACT = [name for name in OTHERS if Way.DENSE in PEERS[name].ways]
RERANKING = [name for name in OTHERS if Way.RERANK in PEERS[name].ways]


@pytest.fixture(scope="module")
def passages(encoder: Encoder, tmp_path_factory: pytest.TempPathFactory) -> Passages:
    folder = PassageFolder(tmp_path_factory.mktemp("passages"))
    provide_passages(folder, documents(), encoder, SETTINGS)
    (everything,) = folder.read()
    return everything


@pytest.fixture(scope="module")
def questions(encoder: Encoder) -> list[Asked]:
    texts = [text for text, _ in QUESTIONS.values()]
    return [Asked(Question(text, text), encoder.encode_question(text)) for text in texts]


@pytest.fixture(scope="module")
def open_peer(
    passages: Passages, encoder: Encoder, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[OpenPeer]:
    """A peer that has indexed the passages, been closed, and been opened anew."""
    opened: dict[str, Peer] = {}

    def open_(name: str) -> Peer:
        if PEERS[name].missing:
            pytest.skip(f"{name} needs {', '.join(PEERS[name].missing)}")
        if name not in opened:
            setup = Setup(tmp_path_factory.mktemp(name), encoder.info, SETTINGS)
            builder = PEERS[name].load()(setup)
            builder.add(builder.encode_passages(passages))
            builder.finish()
            builder.close()
            opened[name] = PEERS[name].load()(setup)
            opened[name].open()
        return opened[name]

    yield open_
    for peer in opened.values():
        peer.close()


@pytest.mark.parametrize("name", OTHERS)
def test_a_passage_is_found_once_with_its_document_and_text(
    name: str, open_peer: OpenPeer, questions: list[Asked]
) -> None:
    peer = open_peer(name)
    for way in PEERS[name].ways:
        found = peer.search(peer.encode_question(questions[0]), way, 100)
        assert {passage.doc_id: passage.text for passage in found}.items() <= ALL.items()
        assert found[0].doc_id == "bees"
        assert len({passage.id for passage in found}) == len(found)
        scores = [passage.score for passage in found]
        assert scores == sorted(scores, reverse=True)


@pytest.mark.parametrize("name", OTHERS)
def test_no_more_passages_come_back_than_were_asked_for(
    name: str, open_peer: OpenPeer, questions: list[Asked]
) -> None:
    peer = open_peer(name)
    for way in PEERS[name].ways:
        assert len(peer.search(peer.encode_question(questions[0]), way, 3)) <= 3


@pytest.mark.parametrize("name", EXACT)
def test_the_dense_ranking_is_that_of_all_inner_products(
    name: str, open_peer: OpenPeer, passages: Passages, questions: list[Asked]
) -> None:
    peer = open_peer(name)
    rows = np.stack([encoding.dense for encoding in peer.encode_passages(passages).encodings])
    for asked in map(peer.encode_question, questions):
        expected = rows @ asked.encoding.dense
        found = peer.search(asked, Way.DENSE, 100)
        assert [passage.id for passage in found] == _ranked(passages, expected)
        np.testing.assert_allclose(
            _relative([p.score for p in found]), _sorted(expected), atol=1e-4
        )


@pytest.mark.parametrize("name", RERANKING)
def test_the_rerank_is_exact_maxsim_with_the_weights_of_the_question_s_tokens(
    name: str, open_peer: OpenPeer, passages: Passages, questions: list[Asked]
) -> None:
    """Every passage is a candidate here, so its order is that of MaxSim over all."""
    peer = open_peer(name)
    tokens = [encoding.tokens for encoding in passages.encodings]
    for asked in questions:
        expected = np.asarray(maxsim_documents(asked.encoding.tokens, tokens))
        found = peer.search(asked, Way.RERANK, 100)
        assert [passage.id for passage in found] == _ranked(passages, expected)


@pytest.mark.parametrize("name", RERANKING)
def test_the_rerank_orders_the_candidates_of_the_hybrid_search_and_no_others(
    name: str, open_peer: OpenPeer, questions: list[Asked]
) -> None:
    peer = open_peer(name)
    for asked in questions:
        hybrid = peer.search(asked, Way.HYBRID, 5)
        reranked = peer.search(asked, Way.RERANK, 5)
        assert {passage.id for passage in reranked} == {passage.id for passage in hybrid}


def test_only_a_peer_with_an_encoder_of_its_own_searches_by_other_vectors(
    open_peer: OpenPeer, questions: list[Asked]
) -> None:
    for name in OTHERS:
        encoded = open_peer(name).encode_question(questions[0])
        same = np.array_equal(encoded.encoding.dense, questions[0].encoding.dense)
        assert same is not PEERS[name].own_encoder


def test_bm25s_scores_are_those_of_the_formula(open_peer: OpenPeer) -> None:
    """Lucene's BM25 (Kamphuis et al. 2020), k1 1.5 and b .75, over stems without stop words."""
    peer = open_peer("bm25s")
    found = peer.search(_text_only("Do whales feed on earth?"), Way.FULLTEXT, 100)
    bags = {doc_id: Counter(words) for doc_id, words in _stems(ALL).items()}
    mean = sum(bag.total() for bag in bags.values()) / len(bags)
    expected = {
        doc_id: sum(
            _weight(word, bag, list(bags.values()), mean) for word in ("whale", "feed", "earth")
        )
        for doc_id, bag in bags.items()
    }
    assert {passage.doc_id: passage.score for passage in found} == pytest.approx(
        {doc_id: score for doc_id, score in expected.items() if score}, rel=1e-4
    )


def test_bm25s_finds_nothing_where_no_word_is_in_any_passage(open_peer: OpenPeer) -> None:
    assert open_peer("bm25s").search(_text_only("xylophone"), Way.FULLTEXT, 100) == []


def _text_only(text: str) -> Asked:
    return Asked(Question("q", text), None)  # type: ignore[arg-type]  # words need no encoding


def _stems(texts: dict[str, str]) -> dict[str, list[str]]:
    import bm25s
    import Stemmer

    tokens = bm25s.tokenize(
        list(texts.values()),
        stopwords="en",
        stemmer=Stemmer.Stemmer("english"),
        return_ids=False,
        show_progress=False,
    )
    return dict(zip(texts, tokens, strict=True))


def _weight(word: str, bag: Counter[str], bags: list[Counter[str]], mean: float) -> float:
    having = sum(word in other for other in bags)
    idf = log(1 + (len(bags) - having + 0.5) / (having + 0.5))
    return idf * bag[word] / (bag[word] + 1.5 * (1 - 0.75 + 0.75 * bag.total() / mean))


def _ranked(passages: Passages, scores: np.ndarray) -> list[str]:
    return [passages.chunks[i].id for i in np.argsort(-scores, kind="stable")]


def _sorted(scores: np.ndarray) -> list[float]:
    """Relative to the best."""
    return _relative(sorted(map(float, scores), reverse=True))


def _relative(scores: list[float]) -> list[float]:
    """A distance is a constant minus the product: differences are the same for both."""
    return [score - scores[0] for score in scores]
