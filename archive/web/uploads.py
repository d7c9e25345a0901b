"""Sending files in pieces by tus 1.0 (https://tus.io/protocols/resumable-upload): core, creation, checksum, expiration,
termination. What is ours beside it: consent may come with the creation, and ``finish`` makes an interview of the file.
"""

from __future__ import annotations

import base64
import binascii
import re
import socket
import time
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from threading import Lock
from typing import Any, TypeVar
from uuid import UUID

from flask import Blueprint, Response, current_app, redirect, request, url_for
from gunicorn.http.errors import ParseException
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge
from werkzeug.http import http_date
from werkzeug.wrappers import Response as AnyResponse

from archive.acts import uploads
from archive.acts.intake import Announced, NotAsSent
from archive.acts.uploads import CHECKSUMS, Announcement, BodyCut, Piece
from archive.errors import BadInput, OutOfSpace, UploadInUse, WrongOffset
from archive.i18n import say
from archive.policy import Act
from archive.vault import Upload
from archive.web.failures import status_of
from archive.web.forms import NewInterviewForm
from archive.web.gate import house, names, who
from archive.web.language import chosen
from transcripts.errors import SoundError

VERSION = "1.0.0"
EXTENSIONS = "creation,checksum,expiration,termination"
BODY = "application/offset+octet-stream"

_OVERRIDES = frozenset({"HEAD", "PATCH", "DELETE", "OPTIONS"})
_READ = 256 * 1024  # gunicorn waits until it has as many, and copies what it has at every read
_REFUSED_BYTES = 32 << 20
_SILENT_SECONDS = 60.0  # after which a sender counts as gone
_STALE_SECONDS = 10.0  # after which another request of the same person may take its place
_PATIENCE_SECONDS = 5.0
_WANTED = re.compile(r"[0-9a-f]{64}")
_R = TypeVar("_R")

room = Blueprint("uploads", __name__)


class WrongVersion(BadRequest):
    """Not the tus that is spoken here."""

    code = 412


class WrongType(BadRequest):
    """The body of a piece is not what tus calls one."""

    code = 415


class Override:
    """The method that a tus client names in ``X-HTTP-Method-Override`` takes the place of its POST.

    It is done before anything looks at the request, so that the gate sees the method that is carried out.
    """

    def __init__(self, app: Callable[..., Iterable[bytes]]) -> None:
        self._app = app

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        wanted = environ.get("HTTP_X_HTTP_METHOD_OVERRIDE", "").upper()
        if wanted in _OVERRIDES and environ["REQUEST_METHOD"] == "POST" and environ["PATH_INFO"].startswith("/uploads"):
            environ["REQUEST_METHOD"] = wanted
        return self._app(environ, start_response)


@dataclass
class _Sender:
    """A connection on which a piece comes in, and when something came last."""

    connection: socket.socket | None
    heard: float = field(default_factory=time.monotonic)


class Senders:
    """Who is sending a piece of which upload now, in this process.

    A phone that lost its network comes back on a new connection long before the old one is known to be dead. Then the
    old one is closed for reading: what it brought is kept, and the upload is free.
    """

    def __init__(self) -> None:
        self._now: dict[UUID, _Sender] = {}
        self._lock = Lock()

    def enter(self, id: UUID) -> _Sender:
        sender = _Sender(request.environ.get("gunicorn.socket"))
        if sender.connection is not None:
            sender.connection.settimeout(_SILENT_SECONDS)
        with self._lock:
            self._now[id] = sender
        return sender

    def leave(self, id: UUID, sender: _Sender) -> None:
        if sender.connection is not None:
            sender.connection.settimeout(None)
        with self._lock:
            if self._now.get(id) is sender:
                del self._now[id]

    def is_leaving(self, id: UUID) -> bool:
        """Whether it is worth waiting for who holds that upload; a silent connection is told to end."""
        with self._lock:
            sender = self._now.get(id)
        if sender is None or time.monotonic() - sender.heard < _STALE_SECONDS:
            return False
        if sender.connection is not None:
            try:
                sender.connection.shutdown(socket.SHUT_RD)
            except OSError:  # it is closed already
                return True
        return True


def install(app: Any) -> None:
    """The blueprint with what it needs of the app."""
    app.extensions["golosa-senders"] = Senders()
    app.wsgi_app = Override(app.wsgi_app)
    app.register_blueprint(room)


@room.after_request
def say_version(response: Response) -> Response:
    """Every answer but that to OPTIONS names the version, as tus wants it."""
    if request.method != "OPTIONS":
        response.headers["Tus-Resumable"] = VERSION
    if response.status_code == 412:
        response.headers["Tus-Version"] = VERSION
    if response.status_code == 460:
        response.status = "460 Checksum Mismatch"
    return response


@room.route("/uploads", methods=["OPTIONS"], provide_automatic_options=False)
@room.route("/uploads/<uuid:id>", methods=["OPTIONS"], provide_automatic_options=False)
@names(Act.RECEIVE)
def capabilities(id: UUID | None = None) -> Response:
    """What is spoken here; the same for every id."""
    house().require(Act.RECEIVE, who())
    return _empty(
        {
            "Tus-Version": VERSION,
            "Tus-Extension": EXTENSIONS,
            "Tus-Max-Size": str(int(house().settings.intake.max_gigabytes * 1e9)),
            "Tus-Checksum-Algorithm": ",".join(CHECKSUMS),
        }
    )


@room.post("/uploads", provide_automatic_options=False)
@names(Act.RECEIVE)
def create() -> Response | tuple[dict[str, Any], int]:
    """Announces a file. Our pages send the form of consent along; a tus client sends nothing."""
    _check_version()
    length = _number("Upload-Length")
    metadata = request.headers.get("Upload-Metadata", "")
    known = _read_metadata(metadata)
    name = known.get("filename", "")
    form = _consent_form()
    if form is not None and not form.validate():
        return {"problems": form.problems()}, 400
    try:
        filled = form.filled(name) if form is not None else None
        said = Announcement(length, name, known.get("fingerprint", ""), metadata, filled)
        upload = uploads.begin(house(), who(), said)
    except BadInput as error:
        if form is None:
            raise
        form.problem(error.field, say(error, chosen()))
        return {"problems": form.problems()}, 400
    answer = _empty({"Location": url_for("uploads.state", id=upload.id), **_expiry(upload)})
    answer.status_code = HTTPStatus.CREATED
    return answer


@room.route("/uploads/<uuid:id>", methods=["HEAD"], provide_automatic_options=False)
@names(Act.UPLOAD, streams=True)
def state(id: UUID) -> Response:
    """How much has arrived."""
    _check_version()
    found = _patiently(id, lambda: uploads.state(house(), who(), id))
    headers = {"Upload-Offset": str(found.arrived), "Upload-Length": str(found.upload.length)}
    if found.said.metadata:
        headers["Upload-Metadata"] = found.said.metadata
    return Response(headers={**headers, **_expiry(found.upload)})


@room.route("/uploads/<uuid:id>", methods=["PATCH"], provide_automatic_options=False)
@names(Act.UPLOAD, streams=True)
def more(id: UUID) -> Response:
    """Takes a piece."""
    _check_version()
    if request.mimetype != BODY:
        raise WrongType
    offset, checksum = _number("Upload-Offset"), _checksum()
    with closing(_body(id)) as body:
        piece = Piece(offset, body, request.content_length, checksum)
        try:
            arrived = _patiently(id, lambda: uploads.more(house(), who(), id, piece))
        except (UploadInUse, WrongOffset):
            _read_past(body)
            raise
    return _empty({"Upload-Offset": str(arrived), **_expiry(house().vault.uploads.get(id))})


@room.route("/uploads/<uuid:id>", methods=["DELETE"], provide_automatic_options=False)
@names(Act.UPLOAD)
def end(id: UUID) -> Response:
    """Destroys what has arrived."""
    _check_version()
    _patiently(id, lambda: uploads.end(house(), who(), id))
    return _empty({})


@room.post("/uploads/<uuid:id>/discard")
@names(Act.UPLOAD)
def discard(id: UUID) -> AnyResponse:
    """The same, from a form."""
    _patiently(id, lambda: uploads.end(house(), who(), id))
    return redirect(url_for("interviews.index"), 303)


@room.post("/uploads/<uuid:id>/finish")
@names(Act.UPLOAD)
def finish(id: UUID) -> dict[str, Any] | tuple[dict[str, Any], int]:
    """Makes an interview of it, if ``sha256`` is that of the stored bytes; the form may come along."""
    digest = request.form.get("sha256", "").lower()
    if not _WANTED.fullmatch(digest):
        raise BadInput("Send the file’s SHA-256 in hexadecimal.", "sha256")
    form = _consent_form()
    if form is not None and not form.validate():
        return {"problems": form.problems()}, 400
    try:
        filled = form.filled("") if form is not None else None
        damaged = bool(request.form.get("even_damaged"))
        announced = Announced(id, digest)
        receipt = _patiently(id, lambda: uploads.finish(house(), who(), announced, filled, even_damaged=damaged))
    except (BadInput, SoundError, NotAsSent, OutOfSpace) as error:
        field = error.field if isinstance(error, BadInput) else "recording"
        status = 422 if isinstance(error, SoundError) else status_of(error)
        return {"error": error.code, "problems": {field: [say(error, chosen())]}}, status
    return {"accession": receipt.interview.accession, "length": receipt.length, "sha256": receipt.sha256}


def _consent_form() -> NewInterviewForm | None:
    """The form, if the request brings one."""
    return NewInterviewForm() if "naming" in request.form else None


def _patiently(id: UUID, do: Callable[[], _R]) -> _R:
    """Does it; waits a little for a connection that is dead but was not known to be."""
    until = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            return do()
        except UploadInUse:
            if time.monotonic() > until or not _senders().is_leaving(id):
                raise
        time.sleep(0.05)


def _senders() -> Senders:
    found: Senders = current_app.extensions["golosa-senders"]
    return found


def _body(id: UUID) -> Generator[bytes, None, None]:
    """The bytes of a piece as they come. Raises BodyCut where they end too early, RequestEntityTooLarge."""
    sender = _senders().enter(id)
    try:
        while data := _read_some():
            sender.heard = time.monotonic()
            yield data
    finally:
        _senders().leave(id, sender)


def _read_some() -> bytes:
    try:
        return request.stream.read(_READ)
    except RequestEntityTooLarge:
        raise
    except (BadRequest, OSError, ParseException) as cause:  # gone, silent for too long, or its chunks make no sense
        raise BodyCut from cause


def _read_past(body: Iterator[bytes]) -> None:
    """Reads a refused piece to its end: who is still sending would see a broken connection instead of the answer."""
    left = _REFUSED_BYTES
    with suppress(BodyCut):
        for data in body:
            left -= len(data)
            if left < 0:
                return


def _check_version() -> None:
    if request.headers.get("Tus-Resumable") != VERSION:
        raise WrongVersion


def _number(header: str) -> int:
    found = request.headers.get(header, "")
    if not re.fullmatch(r"[0-9]{1,18}", found):
        raise BadRequest
    return int(found)


def _checksum() -> tuple[str, bytes] | None:
    found = request.headers.get("Upload-Checksum")
    if found is None:
        return None
    name, _, digest = found.partition(" ")
    if name not in CHECKSUMS:
        raise BadRequest
    return name, _decoded(digest)


def _read_metadata(header: str) -> dict[str, str]:
    """``key base64, key base64``; what is no UTF-8 keeps its bytes as replacement characters."""
    pairs = [pair.strip().partition(" ") for pair in header.split(",")] if header else []
    if len(pairs) > 20 or len({key for key, _, _ in pairs}) < len(pairs) or any(not key for key, _, _ in pairs):
        raise BadRequest
    return {key: _decoded(value).decode("utf-8", "replace") for key, _, value in pairs}


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError) as cause:
        raise BadRequest from cause


def _expiry(upload: Upload) -> dict[str, str]:
    return {"Upload-Expires": http_date(upload.expires)}


def _empty(headers: dict[str, str]) -> Response:
    return Response(status=HTTPStatus.NO_CONTENT, headers=headers)
