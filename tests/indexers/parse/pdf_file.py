"""PDF files, written as the specification says (ISO 32000-1, 7.5): pages of text lines."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def pdf(pages: Sequence[Sequence[str]]) -> bytes:
    """A file with one page for each list of lines."""
    count = len(pages)
    kids = " ".join(f"{3 + 2 * i} 0 R" for i in range(count))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {count} >>",
    ]
    font = 3 + 2 * count
    for i, lines in enumerate(pages):
        objects += [_page(4 + 2 * i, font), _content(lines)]
    objects.append("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
    return _file(objects)


def pdf_with_outline(pages: Sequence[Sequence[str]], outline: Sequence[tuple[str, int]]) -> bytes:
    """With outline items (title, page from 0), each below the one before."""
    from pypdf import PdfWriter

    writer = PdfWriter(io.BytesIO(pdf(pages)))
    parent = None
    for title, page in outline:
        parent = writer.add_outline_item(title=title, page_number=page, parent=parent)
    return _written(writer)


def encrypted_pdf(pages: Sequence[Sequence[str]], password: str, algorithm: str) -> bytes:
    """With a password to open it; an empty one opens it for anybody."""
    from pypdf import PdfWriter

    writer = PdfWriter(io.BytesIO(pdf(pages)))
    writer.encrypt(password, "owner", algorithm=algorithm)
    return _written(writer)


def _written(writer: object) -> bytes:
    data = io.BytesIO()
    writer.write(data)  # type: ignore[attr-defined]  # a PdfWriter, imported late
    return data.getvalue()


def _page(content: int, font: int) -> str:
    return (
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] "
        f"/Contents {content} 0 R /Resources << /Font << /F1 {font} 0 R >> >> >>"
    )


def _content(lines: Sequence[str]) -> str:
    shown = " ".join(f"({line}) Tj T*" for line in lines)
    stream = f"BT /F1 12 Tf 14 TL 72 720 Td {shown} ET"
    return f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream"


def _file(objects: Sequence[str]) -> bytes:
    data = b"%PDF-1.4\n"
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(data))
        data += f"{number} 0 obj\n{body}\nendobj\n".encode()
    table = "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
    size = len(objects) + 1
    trailer = f"xref\n0 {size}\n0000000000 65535 f \n{table}"
    trailer += f"trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{len(data)}\n%%EOF\n"
    return data + trailer.encode()
