"""Reading the body of an HTTP request from a connection: by its length or in chunks, never more than a bound.

In: the buffered connection and the headers.  Out: the bytes, or a `BodyError` with the status to answer.  After an
error what is left on the connection can't be told from a next call, so the connection has to be closed.
"""

from __future__ import annotations

import re
from email.message import Message
from io import BufferedIOBase

MAX_BODY = 64 * 1024 * 1024
# A chunk's size line, with its extensions, and a trailer line.
MAX_LINE = 4096
MAX_TRAILERS = 100
SIZE = re.compile(rb"([0-9A-Fa-f]{1,15})[ \t]*(;[^\r\n]*)?\r?\n")


class BodyError(Exception):
    """A body that can't be read."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail


def read_body(stream: BufferedIOBase, headers: Message, *, bound: int = MAX_BODY) -> bytes:
    try:
        if "Transfer-Encoding" in headers:
            return _chunked(stream, headers, bound)
        length = str(headers.get("Content-Length", "0")).strip()
        if not re.fullmatch(r"[0-9]{1,18}", length):
            raise BodyError(400, "Content-Length is no number")
        return _exactly(stream, _bounded(int(length), bound))
    except OSError as error:
        raise BodyError(400, "The body is shorter than announced") from error


def _bounded(size: int, bound: int) -> int:
    if size > bound:
        raise BodyError(413, f"A request body may have at most {bound} bytes")
    return size


def _exactly(stream: BufferedIOBase, size: int) -> bytes:
    data = stream.read(size)
    if len(data) < size:
        raise BodyError(400, "The body is shorter than announced")
    return data


def _chunked(stream: BufferedIOBase, headers: Message, bound: int) -> bytes:
    if headers["Transfer-Encoding"].strip().lower() != "chunked":
        raise BodyError(400, "Transfer-Encoding may be chunked only")
    if "Content-Length" in headers:
        # Two lengths that may differ: which of them counts is how requests are smuggled.
        raise BodyError(400, "Content-Length and Transfer-Encoding exclude each other")
    chunks: list[bytes] = []
    total = 0
    while size := _chunk_size(stream):
        total += size
        if total > bound:
            # Nothing announced this size, so what arrives is wrong, and not only too much.
            raise BodyError(400, f"A request body may have at most {bound} bytes")
        chunks.append(_exactly(stream, size))
        if _line(stream).strip(b"\r\n"):
            raise BodyError(400, "A chunk is longer than its size says")
    for _ in range(MAX_TRAILERS):
        if not _line(stream).strip(b"\r\n"):
            return b"".join(chunks)
    raise BodyError(400, "Too many trailers after the last chunk")


def _chunk_size(stream: BufferedIOBase) -> int:
    found = SIZE.fullmatch(_line(stream))
    if found is None:
        raise BodyError(400, "A chunk has no size")
    return int(found[1], 16)


def _line(stream: BufferedIOBase) -> bytes:
    line = stream.readline(MAX_LINE)
    if not line.endswith(b"\n"):
        raise BodyError(400, "The chunks end in the middle")
    return line
