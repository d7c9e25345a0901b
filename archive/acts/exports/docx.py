"""Headings and paragraphs as a document for word processors: Office Open XML (ECMA-376, part 1), no more than it needs.

A document of our own making holds what we put into it: no template's author, no times, no thumbnails.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

_MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
MIME = f"{_WORD}.document"

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NO_TIME = (1980, 1, 1, 0, 0, 0)

_TYPES = (
    f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/word/document.xml" ContentType="{_WORD}.document.main+xml"/>'
    f'<Override PartName="/word/styles.xml" ContentType="{_WORD}.styles+xml"/></Types>'
)
_STYLES = {
    "Title": '<w:pPr><w:spacing w:after="240"/></w:pPr><w:rPr><w:b/><w:sz w:val="36"/></w:rPr>',
    "Heading1": '<w:pPr><w:keepNext/><w:spacing w:before="360" w:after="80"/><w:outlineLvl w:val="0"/></w:pPr>'
    '<w:rPr><w:b/><w:sz w:val="26"/></w:rPr>',
    "Normal": '<w:pPr><w:spacing w:after="120"/></w:pPr>',
    "Quote": '<w:pPr><w:spacing w:after="120"/><w:ind w:left="567"/></w:pPr>',
    "Source": '<w:pPr><w:spacing w:after="120"/></w:pPr><w:rPr><w:sz w:val="18"/><w:color w:val="555555"/></w:rPr>',
}


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph in one of the styles Title, Heading1, Normal, Quote, Source; its newlines are line breaks."""

    text: str
    style: str = "Normal"
    language: str = ""


def document(paragraphs: Iterable[Paragraph]) -> bytes:
    """The document's file."""
    body = "".join(_paragraph(one) for one in paragraphs)
    parts = {
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": _relations("officeDocument", "word/document.xml"),
        "word/document.xml": f'{_HEAD}<w:document xmlns:w="{_MAIN}"><w:body>{body}<w:sectPr/></w:body></w:document>',
        "word/_rels/document.xml.rels": _relations("styles", "styles.xml"),
        "word/styles.xml": _styles(),
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            entry = zipfile.ZipInfo(name, _NO_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            packed.writestr(entry, content.encode("utf-8"))
    return out.getvalue()


def _paragraph(one: Paragraph) -> str:
    language = f"<w:rPr><w:lang w:val={quoteattr(one.language)}/></w:rPr>" if one.language else ""
    lines = _NOT_XML.sub("\ufffd", one.text).split("\n")
    runs = "<w:br/>".join(f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in lines)
    return f'<w:p><w:pPr><w:pStyle w:val="{one.style}"/></w:pPr><w:r>{language}{runs}</w:r></w:p>'


def _relations(kind: str, target: str) -> str:
    relation = f'<Relationship Id="r1" Type="{_OFFICE}/{kind}" Target="{target}"/>'
    return f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{relation}</Relationships>'


def _styles() -> str:
    made = "".join(
        f'<w:style w:type="paragraph" w:styleId="{id}"{_DEFAULT if id == "Normal" else ""}>'
        f'<w:name w:val="{_NAMES.get(id, id)}"/>{look}</w:style>'
        for id, look in _STYLES.items()
    )
    return f'{_HEAD}<w:styles xmlns:w="{_MAIN}">{made}</w:styles>'


_DEFAULT = ' w:default="1"'
_NAMES = {"Heading1": "heading 1"}
