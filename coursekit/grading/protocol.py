"""What travels between grader and worker: a length, a JSON header, raw array bytes.

Nothing is ever unpickled. Everything that a worker sends is checked before it is used,
because student code may have sent it.
"""

import json
import math
import struct
from collections.abc import Callable
from dataclasses import asdict
from typing import Any, BinaryIO

import numpy as np

from coursekit.callables import BY_NAME, Node
from coursekit.collect import Foreign, Outcome

PREFIX = struct.Struct(">II")  # bytes of header, bytes of buffers
DTYPES = {np.dtype(code).str for code in ("?", *"bBhHiIqQ", *"efd")}
DEEPEST = 20
MALFORMED = "its reply is malformed"
SIMPLE: dict[str, Callable[[str], Any]] = {  # what a text is enough for
    "str": str,
    "int": lambda digits: int(digits, 16),
    "float": float.fromhex,
    "foreign": Foreign,
    "node": Node,
}


class ProtocolError(Exception):
    """A frame that is not what the protocol allows."""


def frame(message: dict[str, Any]) -> bytes:
    """Return a message as one frame; its values may hold arrays at any depth."""
    buffers: list[bytes] = []
    header = json.dumps(_encode(message, buffers)).encode()
    body = b"".join(buffers)
    return PREFIX.pack(len(header), len(body)) + header + body


def send(stream: BinaryIO, message: dict[str, Any]) -> None:
    """Write one frame."""
    stream.write(frame(message))
    stream.flush()


def receive(stream: BinaryIO, limit: int) -> dict[str, Any]:
    """Read one frame of at most `limit` bytes.

    Raises
    ------
    EOFError
        When the stream ends.
    ProtocolError
        When the frame is too large or malformed.
    """
    header_size, body_size = PREFIX.unpack(_exactly(stream, PREFIX.size))
    if header_size + body_size > limit:
        raise ProtocolError(f"its reply of {header_size + body_size:,} bytes is too long")
    header, body = _exactly(stream, header_size), _exactly(stream, body_size)
    decoder = _Decoder(memoryview(body))
    try:
        message = decoder.decode(json.loads(header))
    except (ValueError, TypeError, KeyError, IndexError, RecursionError, OverflowError):
        raise ProtocolError(MALFORMED) from None
    if not isinstance(message, dict) or len(decoder.body):
        raise ProtocolError(MALFORMED)
    return message


def outcome_from(fields: Any) -> Outcome:
    """Return the outcome that a worker reported, after checking its fields' types."""
    known = {"value": object, "error": str | None, "warning": str | None, "mutated": bool}
    if not isinstance(fields, dict) or set(fields) != set(known):
        raise ProtocolError(MALFORMED)
    if not all(isinstance(fields[name], kind) for name, kind in known.items()):
        raise ProtocolError(MALFORMED)
    return Outcome(**fields)


def _exactly(stream: BinaryIO, size: int) -> bytes:
    data = stream.read(size)
    if len(data) != size:
        raise EOFError("the other side is gone")
    return data


def _encode(value: Any, buffers: list[bytes]) -> Any:
    """Return the JSON form of a plain value, appending array bytes to `buffers`."""
    if value is None or isinstance(value, bool):
        return value
    if value is ...:
        return ["..."]
    if isinstance(value, int):
        return ["int", hex(value)]
    if isinstance(value, float):
        return ["float", value.hex()]
    if isinstance(value, str):
        return ["str", value]
    if isinstance(value, Node):
        return ["node", value.name]
    if isinstance(value, np.ndarray | np.generic):
        array = np.asarray(value, order="C")
        buffers.append(array.tobytes())
        return ["array", array.dtype.str, list(array.shape)]
    if isinstance(value, Outcome):
        return _encode(vars(value), buffers)
    if isinstance(value, Foreign):
        return ["foreign", value.kind]
    if type(value).__name__ in BY_NAME:
        return ["callable", type(value).__name__, _encode(asdict(value), buffers)]
    if isinstance(value, dict):
        return ["dict", [[str(key), _encode(item, buffers)] for key, item in value.items()]]
    for kind in (tuple, list, frozenset):
        if isinstance(value, kind):
            return [kind.__name__, [_encode(item, buffers) for item in value]]
    raise TypeError(f"a {type(value).__name__} does not travel")


class _Decoder:
    """Rebuilds a value, taking array bytes from the body in order."""

    def __init__(self, body: memoryview) -> None:
        self.body = body

    def decode(self, tree: Any, depth: int = 0) -> Any:
        if depth > DEEPEST:
            raise ProtocolError(MALFORMED)
        if tree is None or isinstance(tree, bool):
            return tree
        if not isinstance(tree, list):
            raise ProtocolError(MALFORMED)
        kind, *rest = tree
        if kind == "...":
            return ...
        if kind in SIMPLE and isinstance(rest[0], str):
            return SIMPLE[kind](rest[0])
        if kind == "array":
            return self._array(*rest)
        if kind == "callable":
            return BY_NAME[rest[0]](**self.decode(rest[1], depth + 1))
        if kind == "dict":
            return self._dict(rest[0], depth)
        container = {"tuple": tuple, "list": list, "frozenset": frozenset}[kind]
        return container(self.decode(item, depth + 1) for item in rest[0])

    def _dict(self, pairs: list[tuple[str, Any]], depth: int) -> dict[str, Any]:
        decoded = {key: self.decode(item, depth + 1) for key, item in pairs}
        if len(decoded) != len(pairs) or not all(isinstance(key, str) for key in decoded):
            raise ProtocolError(MALFORMED)
        return decoded

    def _array(self, code: str, shape: list[int]) -> np.ndarray:
        if code not in DTYPES or not all(type(n) is int and 0 <= n < 2**31 for n in shape):
            raise ProtocolError(MALFORMED)
        size = math.prod(shape) * np.dtype(code).itemsize
        if size > len(self.body) or len(shape) > 16:
            raise ProtocolError(MALFORMED)
        own, self.body = self.body[:size], self.body[size:]
        return np.frombuffer(bytes(own), np.dtype(code)).reshape(shape).copy()
