"""E-mail (.eml, .mbox): each message a document, its attachments documents of their own."""

from __future__ import annotations

import email
import io
import mailbox
from dataclasses import replace
from email.policy import default as default_policy
from functools import partial
from typing import IO, TYPE_CHECKING

from indexers.parse.builder import DocumentBuilder, clean
from indexers.parse.markup import add_page
from indexers.parse.members import Member, read_members

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import EmailMessage, MIMEPart
    from pathlib import Path

    from indexers.parse.base import Parsed, ParsedDocument
    from indexers.parse.reading import Reading
    from rag.types import MetadataValue

HEADERS = ("From", "To", "Date")
BODIES = ("plain", "html")


def parse_eml(path: Path, reading: Reading) -> Iterator[Parsed]:
    """One message."""
    yield from _message(path.read_bytes(), path.stem, reading)


def parse_mbox(path: Path, reading: Reading) -> Iterator[Parsed]:
    """Messages one by one, as `box.mbox!/1`, `box.mbox!/2`, …"""
    box = mailbox.mbox(path, create=False)
    try:
        for number, key in enumerate(box.iterkeys(), 1):
            for parsed in _message(box.get_bytes(key), path.stem, reading):
                yield replace(parsed, part=f"!/{number}{parsed.part}")
    finally:
        box.close()


def _message(data: bytes, fallback_title: str, reading: Reading) -> Iterator[Parsed]:
    message = email.message_from_bytes(data, policy=default_policy)
    yield _body(message, len(data), fallback_title)
    if any(True for _ in message.iter_attachments()):
        yield from read_members(_attachments(message), reading)


def _body(message: EmailMessage, size: int, fallback_title: str) -> ParsedDocument:
    builder = DocumentBuilder()
    headers = {name: clean(str(message[name])) for name in HEADERS if message[name]}
    builder.paragraph("\n".join(f"{name}: {value}" for name, value in headers.items()))
    body = message.get_body(BODIES)
    if body is not None:
        _add_body(builder, body)
    metadata: dict[str, MetadataValue] = {k.lower(): v for k, v in headers.items()}
    subject = str(message["Subject"] or fallback_title)
    return builder.build(size, fallback_title, subject, metadata)


def _add_body(builder: DocumentBuilder, body: MIMEPart) -> None:
    if body.get_content_subtype() == "html":
        add_page(builder, _payload(body))
    else:
        builder.paragraph(body.get_content())


def _attachments(message: EmailMessage) -> Iterator[Member]:
    for number, part in enumerate(message.iter_attachments(), 1):
        name = _name(part, number)
        payload = _payload(part)
        yield Member(name, len(payload), partial(_open, payload))


def _name(part: MIMEPart, number: int) -> str:
    """The name that the sender gave, without folders; else one by the type."""
    given = (part.get_filename() or "").replace("\\", "/").rsplit("/", 1)[-1]
    if part.get_content_type() == "message/rfc822":
        return f"{given.removesuffix('.eml') or number}.eml"
    return clean(given) or f"{number}.{part.get_content_subtype()}"


def _payload(part: MIMEPart) -> bytes:
    if part.get_content_type() == "message/rfc822":
        return bytes(part.get_content())
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _open(payload: bytes) -> IO[bytes]:
    return io.BytesIO(payload)
