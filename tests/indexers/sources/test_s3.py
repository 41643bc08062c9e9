"""Objects of a real S3 server on this machine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from indexers.sources import SourceOptions, find_sources
from rag.errors import SourceError
from rag.settings import FetchSettings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytest.importorskip("s3fs", reason="s3fs is not installed: pip install 'trident-rag[s3]'")
moto_server = pytest.importorskip("moto.server", reason="moto and its server are not installed")
pytestmark = pytest.mark.xdist_group("s3")

OBJECTS = {"docs/a.md": b"# A", "docs/sub/b.txt": b"B", "docs/c.bin": b"C", "other/d.md": b"# D"}


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    server = moto_server.ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ACCESS_KEY_ID", "somebody")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
        patch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        server.start()
        yield "http://{}:{}".format(*server.get_host_and_port())
        server.stop()


@pytest.fixture
def bucket(endpoint: str) -> Iterator[Any]:
    import boto3

    made = boto3.resource("s3", endpoint_url=endpoint).create_bucket(Bucket="library")
    for key, body in OBJECTS.items():
        made.put_object(Key=key, Body=body)
    yield made
    made.objects.delete()
    made.delete()


@pytest.fixture
def options(endpoint: str, tmp_path: Path) -> SourceOptions:
    return SourceOptions(fetch=FetchSettings(cache=tmp_path, s3_endpoint=endpoint))


def found(url: str, options: SourceOptions) -> dict[str, bytes]:
    return {file.name: file.path.read_bytes() for file in find_sources([url], options).files}


@pytest.mark.usefixtures("bucket")
def test_a_prefix_stands_for_all_below_it_that_can_be_parsed(options: SourceOptions) -> None:
    sources = find_sources(["s3://library/docs"], options)
    assert [file.name for file in sources.files] == [
        "s3://library/docs/a.md",
        "s3://library/docs/sub/b.txt",
    ]
    assert [skip.source for skip in sources.skipped] == ["s3://library/docs/c.bin"]


@pytest.mark.usefixtures("bucket")
def test_objects_and_globs_are_fetched_with_their_bytes(options: SourceOptions) -> None:
    assert found("s3://library/docs/a.md", options) == {"s3://library/docs/a.md": b"# A"}
    assert found("S3://library/**/*.md", options) == {
        "s3://library/docs/a.md": b"# A",
        "s3://library/other/d.md": b"# D",
    }


def test_only_what_changed_is_fetched_again(bucket: Any, options: SourceOptions) -> None:
    before = {f.name: f.path.stat().st_ino for f in find_sources(["s3://library"], options).files}
    bucket.put_object(Key="docs/a.md", Body=b"# Changed")
    bucket.put_object(Key="docs/new.md", Body=b"# New")
    after = {f.name: f.path.stat().st_ino for f in find_sources(["s3://library"], options).files}
    assert found("s3://library/docs/a.md", options)["s3://library/docs/a.md"] == b"# Changed"
    assert {name for name in after if after[name] != before.get(name)} == {
        "s3://library/docs/a.md",
        "s3://library/docs/new.md",
    }


@pytest.mark.usefixtures("bucket")
def test_what_is_not_there_is_refused_with_its_address(options: SourceOptions) -> None:
    for url in ("s3://library/nothing", "s3://no-such-bucket/docs"):
        with pytest.raises(SourceError, match=url):
            find_sources([url], options)
