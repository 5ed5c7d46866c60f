"""Attacks on the pipe to the grader: what leaves the worker is not what the worker wrote.

Each is a function answer: it is called while the grader waits for the reply.
"""

import gc
import json
import os
import struct
import sys
import time

import numpy as np

from attacks.tools import libc, pipes


def close_the_pipe():
    os.closerange(3, 256)


def close_the_pipe_and_stay():
    for pipe in pipes():
        os.close(pipe)
    time.sleep(1)


def shut_the_pipe_down():
    for pipe in pipes():
        libc.shutdown(pipe, 2)


def replace_the_pipe():
    reader, writer = os.pipe()
    for pipe in pipes():
        if pipe not in (reader, writer):
            os.dup2(writer, pipe)


def _write_to_all(data):
    for pipe in pipes():
        try:
            os.write(pipe, data)
        except OSError:
            continue


def write_garbage():
    _write_to_all(os.urandom(5000))


def write_zeros():
    _write_to_all(bytes(5000))


def write_a_huge_header():
    _write_to_all(b"\xff" * 64)


def write_a_header_of_2_to_the_60_bytes():
    _write_to_all(struct.pack(">QQ", 2**60, 2**60))


def write_a_header_of_2_to_the_60_bytes_in_the_other_order():
    _write_to_all(struct.pack("<QQ", 2**60, 2**60))


def write_a_header_just_within_the_limit():
    _write_to_all(struct.pack(">II", 60_000, 1000))


def write_a_negative_header():
    _write_to_all(struct.pack(">ii", -8, 8))


def drip_bytes_slowly():
    _write_to_all(struct.pack(">II", 5000, 0))
    for _ in range(60):
        _write_to_all(b" ")
        time.sleep(0.25)


def drip_a_header_slowly():
    for _ in range(60):
        _write_to_all(b"\0")
        time.sleep(0.5)


def _frame(header, body=b""):
    """Return a frame of the protocol around a header of our own."""
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack(">II", len(text), len(body)) + text + body


def _requests():
    """Return what look like the grader's requests among everything that the worker remembers."""
    pool = [item for item in gc.get_objects() if isinstance(item, dict)]
    for one in sys._current_frames().values():
        while one is not None:
            pool += [value for value in one.f_locals.values() if isinstance(value, dict)]
            one = one.f_back
    return [item for item in pool if isinstance(item.get("nonce"), str)]


def _forged(fields):
    for nonce in {request["nonce"] for request in _requests()} or {"0" * 16}:
        _write_to_all(_frame(["dict", [["nonce", ["str", nonce]], *fields]]))


def _outcome(value):
    fields = [["value", value], ["error", None], ["warning", None], ["mutated", False]]
    return ["dict", fields]


def _many(value):
    """Return as many outcomes as were asked for."""
    asked = [len(r["inputs"]) for r in _requests() if isinstance(r.get("inputs"), list)]
    return [["outcomes", ["list", [_outcome(value)] * max(asked, default=15)]]]


def forge_a_reply_with_the_right_nonce():
    _forged(_many(["float", "0x1p-1"]))


def forge_a_reply_that_claims_points():
    _forged([["points", ["int", "0x63"]], ["passed", True], ["status", ["str", "passed"]]])


def forge_a_reply_without_outcomes():
    _forged([["outcomes", ["list", []]]])


def forge_a_reply_that_says_missing():
    _forged([["missing", True]])


def forge_a_reply_of_true():
    _forged(_many(True))


def forge_a_reply_of_nan():
    _forged(_many(["float", "nan"]))


def forge_a_reply_of_ellipses():
    _forged([["outcomes", ["list", [_outcome(["..."])]]]])


def forge_a_reply_of_foreigners():
    _forged(_many(["foreign", "\x1b[2J<script>alert(1)</script>"]))


def forge_a_reply_with_a_callable():
    _forged(_many(["callable", "Sine", ["dict", [["a", ["str", "x"]]]]]))


def forge_a_reply_with_a_wrong_callable():
    _forged(_many(["callable", "__import__", ["dict", [["name", ["str", "os"]]]]]))


def forge_a_reply_with_a_node():
    _forged(_many(["node", "secret"]))


def forge_a_reply_with_an_error_of_1_mb():
    fields = [["value", None], ["error", ["str", "x" * 10**6]], ["warning", None]]
    _forged([["outcomes", ["list", [["dict", [*fields, ["mutated", False]]]] * 15]]])


def forge_replies_in_advance():
    for _ in range(20):
        _forged(_many(["float", "0x1p-1"]))


def send_the_last_nonce_again():
    _write_to_all(_frame(["dict", [["nonce", ["str", "0" * 16]], *_many(["float", "0x1p-1"])]]))


def nest_json_deeply():
    _write_to_all(_frame(b"[" * 30_000 + b"]" * 30_000))


def nest_lists_deeply():
    _write_to_all(_frame(b'["list",[' * 3000 + b"]]" * 3000))


def send_a_huge_integer():
    _forged(_many(["int", "f" * 60_000]))


def send_a_huge_json_integer():
    _write_to_all(_frame(b'["array","<f8",[' + b"9" * 50_000 + b"]]"))


def send_100_000_keys():
    keys = ",".join(f'["{i}",null]' for i in range(6000))
    _write_to_all(_frame(f'["dict",[{keys}]]'.encode()))


def send_the_same_key_twice():
    _forged([["outcomes", ["list", []]], ["outcomes", ["list", [_outcome(True)]]]])


def send_keys_that_are_not_texts():
    _forged([[None, None], [["str", "x"], None], [{"a": 1}, None]])


def send_an_empty_text_array_of_2_to_the_39():
    _forged(_many(["array", "<U0", [2**39]]))


def send_an_object_array():
    _forged(_many(["array", "|O", [1]]))


def send_a_record_array():
    _forged(_many(["array", "[('a', '<f8')]", [1]]))


def send_an_array_without_data():
    _forged(_many(["array", "<f8", [10**9]]))


def send_an_empty_array_of_a_huge_shape():
    _forged(_many(["array", "<f8", [2**31 - 1, 2**31 - 1, 0]]))


def send_an_array_of_many_dimensions():
    _forged(_many(["array", "<f8", [0] * 64]))


def send_an_array_with_a_negative_shape():
    _forged(_many(["array", "<f8", [-1, -8]]))


def send_a_bool_for_a_shape():
    _forged(_many(["array", "<f8", [False]]))


def send_a_dtype_that_is_no_text():
    _forged(_many(["array", ["<f8"], [0]]))


def send_broken_text():
    _write_to_all(_frame(b'["str","\xff\xfe"]'))


def send_half_a_character():
    _forged(_many(["str", "\ud800"]))


def send_not_a_number_as_json():
    _write_to_all(_frame(b"NaN"))


def send_a_pickle():
    import pickle

    class Bomb:
        def __reduce__(self):
            return (exec, ("import os; os._exit(99)",))

    _write_to_all(_frame(pickle.dumps(Bomb())))
    _write_to_all(pickle.dumps(Bomb()))


def stop_reading():
    """Patch the worker so that it sends what we want for every later exercise."""
    from coursekit.grading import protocol, worker

    def send(stream, message):
        stream.write(protocol.frame(message)[:-1])
        stream.flush()

    worker.send = protocol.send = send


def answer_every_request_with_a_forgery():
    from coursekit import collect

    collect.call = lambda function, args: collect.Outcome(np.True_)
    collect.collect = lambda answer, inputs: [collect.Outcome(np.True_) for _ in inputs]
