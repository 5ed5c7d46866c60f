"""What travels between grader and worker: everything comes back, nothing else gets in."""

import contextlib
import io
import json
import math
import struct
import tracemalloc

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from coursekit.callables import Cubic, Graph, Node, Sine
from coursekit.collect import Foreign, Outcome, identical
from coursekit.grading.protocol import ProtocolError, frame, outcome_from, receive, send

LIMIT = 64_000

dtypes = st.sampled_from(["?", "i1", "i8", "u4", "f2", "f4", "f8"])
arrays_of_numbers = dtypes.flatmap(
    lambda dtype: arrays.arrays(dtype, arrays.array_shapes(min_dims=0, max_dims=3, min_side=0))
)
leaves = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.builds(Foreign, st.text())
    | st.builds(Sine, st.floats(), st.floats(), st.floats())
    | st.builds(Cubic, st.floats(), st.floats(), st.floats())
    | st.builds(Node, st.text())
    | arrays_of_numbers
)
values = st.recursive(
    leaves,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.tuples(inner, inner)
        | st.dictionaries(st.text(), inner, max_size=3)
        | st.frozensets(st.text(), max_size=3)
    ),
    max_leaves=8,
)


def through(message):
    return receive(io.BytesIO(frame(message)), 10**9)


def raw(header, body=b""):
    header = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack(">II", len(header), len(body)) + header + body


def message(value, body=b""):
    return raw(["dict", [["v", value]]], body)


def same(a, b):
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(same(a[key], b[key]) for key in a)
    if isinstance(a, list | tuple):
        return type(a) is type(b) and len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, frozenset):
        return type(a) is type(b) and a == b
    if isinstance(a, Sine | Cubic | Node):
        return type(a) is type(b) and repr(a) == repr(b)
    return type(a) is type(b) and identical(a, b) and repr(a) == repr(b)


@given(values)
@example({"": ..., "x": (math.nan, -0.0, math.inf, 5e-324)})
def test_every_value_comes_back_as_it_was(value):
    assert same(value, through({"v": value})["v"])


def test_an_integer_too_long_to_print_comes_back():
    assert through({"v": 10**5000})["v"] == 10**5000


def test_arrays_come_back_writable_and_contiguous():
    back = through({"v": np.arange(12.0).reshape(3, 4)[:, ::2]})["v"]
    assert back.flags.writeable
    assert back.flags.c_contiguous
    assert back.tolist() == [[0.0, 2.0], [4.0, 6.0], [8.0, 10.0]]


def test_number_types_of_numpy_travel_as_arrays_without_dimensions():
    back = through({"v": np.float32(0.1)})["v"]
    assert (back.shape, back.dtype, back.item()) == ((), np.float32, np.float32(0.1).item())


def test_an_outcome_comes_back():
    outcome = Outcome((1.0, np.zeros(2)), None, "RuntimeWarning: x", mutated=True)
    back = outcome_from(through({"v": outcome})["v"])
    assert (back.error, back.warning, back.mutated) == (None, "RuntimeWarning: x", True)
    assert back.value[1].tolist() == [0.0, 0.0]


@given(st.text())
def test_a_graph_of_any_text_comes_back_and_can_be_shown(text):
    graph = through({"v": Graph(text)})["v"]
    assert graph == Graph(text)
    assert repr(graph)


def test_a_node_that_came_alone_belongs_to_its_graph():
    node, graph = through({"v": (Node("b"), Graph("a\nb a a"))})["v"]
    assert graph(node) == [graph.nodes["a"]] * 2


def test_frames_follow_each_other():
    stream = io.BytesIO()
    send(stream, {"a": 1})
    send(stream, {"b": np.ones(2)})
    stream.seek(0)
    assert receive(stream, LIMIT) == {"a": 1}
    assert receive(stream, LIMIT)["b"].tolist() == [1.0, 1.0]
    with pytest.raises(EOFError):
        receive(stream, LIMIT)


@pytest.mark.parametrize("value", [1j, b"bytes", object(), len, np.array([None]), np.array([1j])])
def test_what_is_no_plain_value_does_not_travel(value):
    with pytest.raises((TypeError, ProtocolError)):
        through({"v": value})


@given(st.integers(0, 200))
def test_a_truncated_frame_is_the_end_of_the_stream(size):
    whole = frame({"v": [1.5, np.arange(20.0), "text"]})
    with pytest.raises(EOFError):
        receive(io.BytesIO(whole[: min(size, len(whole) - 1)]), LIMIT)


def nested(depth, kind="list"):
    return json.dumps(["dict", [["v", 1]]]).replace("1", f'["{kind}",[' * depth + "]]" * depth)


MALFORMED = {
    "not JSON": raw(b"{"),
    "not UTF-8": raw(b"\xff\xff"),
    "nothing": raw(b""),
    "null": raw(None),
    "a number": raw(5),
    "a text": raw("..."),
    "an object": raw({"dict": 1}),
    "not a message": raw(["list", []]),
    "an empty list": raw([]),
    "an unknown kind": message(["pickle", "gASV"]),
    "a kind that is a list": message([["list"], []]),
    "a bare number": message(5),
    "an object inside": message({"list": [], "x": 1}),
    "a list of nothing": message(["list"]),
    "a list of a number": message(["list", 5]),
    "text that is a number": message(["str", 5]),
    "no integer": message(["int", "five"]),
    "an integer as a number": message(["int", 5]),
    "no float": message(["float", "five"]),
    "a float too large": message(["float", "0x1p99999"]),
    "digits without end": raw(b"[" + b"9" * 10_000 + b"]"),
    "an object array": message(["array", "|O", [1]], b"12345678"),
    "a text array": message(["array", "<U0", [2**39]]),
    "a record array": message(["array", [["a", "<f8"]], [1]], b"12345678"),
    "the other byte order": message(["array", ">f8", [1]], b"12345678"),
    "complex numbers": message(["array", "<c16", [1]], b"1234567812345678"),
    "dates": message(["array", "<M8[s]", [1]], b"12345678"),
    "more array than bytes": message(["array", "<f8", [2]], b"12345678"),
    "less array than bytes": message(["array", "<f8", [1]], b"1234567812345678"),
    "a shape bomb": message(["array", "<f8", [2**30, 2**30, 2**30]]),
    "an empty shape bomb": message(["array", "<f8", [0, *[2**31 - 1] * 12]]),
    "too many dimensions": message(["array", "<f8", [1] * 100], b"12345678"),
    "a negative shape": message(["array", "<f8", [-1]], b"12345678"),
    "two negative sides": message(["array", "<f8", [-1, -1]], b"12345678"),
    "a side that is a float": message(["array", "<f8", [1.0]], b"12345678"),
    "a side that is a bool": message(["array", "<f8", [True]], b"12345678"),
    "a side beyond all numbers": message(["array", "<f8", [10**300]], b"12345678"),
    "a shape that is a number": message(["array", "<f8", 1], b"12345678"),
    "a shape that is a text": message(["array", "<f8", "1"], b"12345678"),
    "an array without a shape": message(["array", "<f8"], b"12345678"),
    "an array with too much": message(["array", "<f8", [1], 1], b"12345678"),
    "nested deeply": raw(nested(30).encode()),
    "nested very deeply": raw(nested(10_000).encode()),
    "dicts nested deeply": raw(b'["dict",[["v",' * 5000 + b"null" + b"]]]" * 5000),
    "JSON nested very deeply": raw(b"[" * 30_000 + b"]" * 30_000),
    "colliding keys": raw(["dict", [["v", None], ["v", True]]]),
    "a key that is a number": raw(["dict", [[1, None]]]),
    "a key that is a list": raw(["dict", [[[], None]]]),
    "a pair of three": raw(["dict", [["v", None, None]]]),
    "pairs that are texts": raw(["dict", ["ab"]]),
    "an object for the pairs": raw(["dict", {"ab": 1}]),
    "a set of lists": message(["frozenset", [["list", []]]]),
    "an unknown callable": message(["callable", "system", ["dict", []]]),
    "a callable's wrong fields": message(["callable", "Sine", ["dict", [["x", None]]]]),
    "a callable's fields as a list": message(["callable", "Sine", ["list", []]]),
    "a node's name that is no text": message(["node", ["list", []]]),
    "a node without a name": message(["node"]),
    "a graph that is no text": message(["callable", "Graph", ["dict", [["text", ["list", []]]]]]),
}


@pytest.mark.parametrize("data", MALFORMED.values(), ids=MALFORMED)
def test_a_malformed_frame_is_refused_and_costs_no_memory(data):
    tracemalloc.start()
    try:
        with pytest.raises(ProtocolError):
            receive(io.BytesIO(data), LIMIT)
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("sizes", [(2**31, 0), (0, 2**31), (2**32 - 1, 2**32 - 1), (LIMIT, 1)])
def test_a_frame_over_the_limit_is_refused_before_it_is_read(sizes):
    with pytest.raises(ProtocolError, match="too long"):
        receive(io.BytesIO(struct.pack(">II", *sizes) + b"x" * 100), LIMIT)


@given(st.binary(max_size=300))
def test_random_bytes_are_refused(data):
    with pytest.raises((ProtocolError, EOFError)):
        receive(io.BytesIO(data), LIMIT)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner),
)
kinds = st.sampled_from(
    ["dict", "list", "tuple", "array", "int", "float", "str", "callable", "..."]
)


@settings(max_examples=50)
@given(st.tuples(kinds, json_values, json_values), st.binary(max_size=16))
def test_random_trees_are_refused_or_plain(tree, body):
    with contextlib.suppress(ProtocolError):
        receive(io.BytesIO(message(list(tree), body)), LIMIT)


@pytest.mark.parametrize(
    "fields",
    [
        None,
        [],
        {},
        {"value": 1, "error": None, "warning": None},
        {"value": 1, "error": None, "warning": None, "mutated": False, "points": 2},
        {"value": 1, "error": 5, "warning": None, "mutated": False},
        {"value": 1, "error": None, "warning": [], "mutated": False},
        {"value": 1, "error": None, "warning": None, "mutated": 0},
        {"value": 1, "error": None, "warning": None, "mutated": None},
    ],
)
def test_a_malformed_outcome_is_refused(fields):
    with pytest.raises(ProtocolError):
        outcome_from(fields)
