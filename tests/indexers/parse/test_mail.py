from __future__ import annotations

import mailbox
from email.message import EmailMessage
from typing import TYPE_CHECKING

from indexers.parse.base import ParsedDocument, Problem
from tests.indexers.parse.pdf_file import pdf
from tests.indexers.parse.reading import read, read_one

if TYPE_CHECKING:
    from pathlib import Path


def message(subject: str = "Bees", body: str = "They dance.") -> EmailMessage:
    made = EmailMessage()
    made["Subject"] = subject
    made["From"] = "Ann <ann@example.org>"
    made["Date"] = "Mon, 01 Jan 2024 00:00:00 +0000"
    made.set_content(body)
    return made


def texts(path: Path) -> dict[str, str]:
    return {item.part: item.text for item in read(path) if isinstance(item, ParsedDocument)}


def test_a_message_is_its_headers_and_its_body(tmp_path: Path) -> None:
    (tmp_path / "a.eml").write_bytes(message("Grüße", "Schön.").as_bytes())
    document = read_one(tmp_path / "a.eml")
    assert document.title == "Grüße"
    assert document.text == (
        "From: Ann <ann@example.org>\nDate: Mon, 01 Jan 2024 00:00:00 +0000\n\nSchön."
    )
    assert document.metadata["from"] == "Ann <ann@example.org>"


def test_a_body_of_html_loses_its_marks(tmp_path: Path) -> None:
    made = EmailMessage()
    made.set_content("<p>They <b>dance</b>.</p><script>x</script>", subtype="html")
    (tmp_path / "note.eml").write_bytes(made.as_bytes())
    document = read_one(tmp_path / "note.eml")
    assert (document.text, document.title) == ("They dance.", "note")


def test_attachments_are_documents_of_their_own(tmp_path: Path) -> None:
    made = message()
    made.add_attachment(
        pdf([["Page one"]]), maintype="application", subtype="pdf", filename="../../bees.pdf"
    )
    made.add_attachment(b"PNG", maintype="image", subtype="png", filename="bee.png")
    made.add_attachment(message("Inner", "Older words."))
    (tmp_path / "a.eml").write_bytes(made.as_bytes())
    found = texts(tmp_path / "a.eml")
    assert list(found) == ["", "!/bees.pdf", "!/3.eml"]
    assert found["!/bees.pdf"] == "Page one"
    assert "Older words." in found["!/3.eml"]
    (left_out,) = [item for item in read(tmp_path / "a.eml") if isinstance(item, Problem)]
    assert (left_out.part, left_out.reason) == ("!/bee.png", "no parser for .png")
    assert not left_out.broken


def test_a_damaged_attachment_costs_only_itself(tmp_path: Path) -> None:
    made = message()
    made.add_attachment(b"broken", maintype="application", subtype="pdf", filename="a.pdf")
    (tmp_path / "a.eml").write_bytes(made.as_bytes())
    body, problem = read(tmp_path / "a.eml")
    assert isinstance(body, ParsedDocument)
    assert isinstance(problem, Problem)
    assert problem.part == "!/a.pdf"
    assert problem.broken


def test_attachments_of_one_name_stay_apart(tmp_path: Path) -> None:
    made = message()
    for text in ("one", "two"):
        made.add_attachment(text, filename="a.txt")
    (tmp_path / "a.eml").write_bytes(made.as_bytes())
    assert list(texts(tmp_path / "a.eml")) == ["", "!/a.txt", "!/a.txt~2"]


def test_a_mailbox_has_its_messages_by_number(tmp_path: Path) -> None:
    box = mailbox.mbox(tmp_path / "a.mbox")
    for body in ("First.", "Second."):
        box.add(message(body=body))
    box.close()
    found = texts(tmp_path / "a.mbox")
    assert list(found) == ["!/1", "!/2"]
    assert found["!/2"].endswith("Second.")


def test_what_is_no_message_is_read_as_well_as_it_goes(tmp_path: Path) -> None:
    (tmp_path / "a.eml").write_bytes(b"\xff\xfe no headers at all\n\nwords")
    assert "words" in read_one(tmp_path / "a.eml").text
