"""Attacks through memory: find what the worker must not know, use up what there is, die oddly."""

import ctypes
import gc
import linecache
import os
import re
import resource
import signal
import sys
import threading
import time
import types

import numpy as np

from attacks.tools import GRADER, checked, libc

SECRETS = (  # never written so that this very text would be found
    rb"slope is tw[i]ce too steep",  # a mistake's feedback in the exercises
    rb"canar[y]-[0-9a-f]{16}",  # what the test hid outside
    rb"hidden_see[d]",
)


def find_exercises_among_all_objects():
    return [
        type(item).__name__
        for item in gc.get_objects()
        if type(item).__name__ in ("Exercise", "Mistake", "Verdict", "Submission", "Settings")
    ]


def find_references_among_all_functions():
    away = ("coursekit.exercises", "coursekit.judge", "coursekit.grading.grade")
    return [
        item.__qualname__
        for item in gc.get_objects()
        if isinstance(item, types.FunctionType) and str(item.__module__).startswith(away)
    ]


def find_seeds_among_all_variables():
    names = {"hidden_seed", "hidden_inputs", "inputs_for", "reference"}
    holders = [item for item in gc.get_objects() if type(item) is dict]
    return [sorted(names & set(item)) for item in holders if not names.isdisjoint(item)]


def find_expected_values_in_frames():
    names = {"expected", "reference", "seed", "secret", "draw"}
    found, frames = [], list(sys._current_frames().values())
    for frame in frames:
        while frame is not None:
            if frame.f_globals.get("__name__", "").startswith("coursekit"):
                found += sorted(names & set(frame.f_locals))
            frame = frame.f_back
    return found


def find_judges_in_frames():
    found, frame = [], sys._getframe()
    while frame is not None:
        if frame.f_code.co_name in ("judge", "complaint", "difference", "_grade_cells", "grade"):
            found.append(frame.f_code.co_name)
        frame = frame.f_back
    return found


def find_answers_in_the_line_cache():
    return [name for name in linecache.cache if "exercises" in name or "solutions" in name]


def find_answers_in_loaded_modules():
    return [
        name for name in sys.modules if name.startswith(("coursekit.exercises", "coursekit.judge"))
    ]


def search_the_own_memory():
    found = []
    with open("/proc/self/maps") as maps:
        spans = [line.split(maxsplit=5) for line in maps]
    for span in spans:
        begin, end = (int(part, 16) for part in span[0].split("-"))
        name = span[5] if len(span) > 5 else ""
        if span[1].startswith("rw") and end - begin < 2**28 and not name.startswith("[v"):
            data = ctypes.string_at(begin, end - begin)
            found += [match.group() for secret in SECRETS for match in re.finditer(secret, data)]
    return found


def search_the_own_memory_as_a_file():
    found = []
    with open("/proc/self/maps") as maps, open("/proc/self/mem", "rb") as memory:
        for line in maps:
            begin, end = (int(part, 16) for part in line.split()[0].split("-"))
            if line.split()[1].startswith("rw") and end - begin < 2**28:
                memory.seek(begin)
                data = memory.read(end - begin)
                found += [m.group() for secret in SECRETS for m in re.finditer(secret, data)]
    return found


def search_the_heap():
    """Look at 64 MB around objects of ours, as far as memory is mapped there."""
    page = os.sysconf("SC_PAGE_SIZE")
    begin, found, vector = id(object()) // page * page, [], ctypes.create_string_buffer(1)
    for address in range(begin - 2**25, begin + 2**25, page):
        if libc.mincore(ctypes.c_void_p(address), ctypes.c_size_t(page), vector) == 0:
            data = ctypes.string_at(address, page)
            found += [m.group() for secret in SECRETS for m in re.finditer(secret, data)]
    return found


def take_4_gb():
    return len(np.empty(4 * 10**9, np.uint8))


def take_4_gb_in_parts():
    parts = [np.empty(10**8, np.uint8) for _ in range(40)]
    return sum(map(len, parts))


def map_4_gb():
    import mmap

    return len(mmap.mmap(-1, 4 * 10**9))


def take_4_gb_with_a_file_in_memory():
    descriptor = os.memfd_create("large")
    os.truncate(descriptor, 4 * 10**9)
    return 4 * 10**9


def fill_a_file_in_memory():
    descriptor = os.memfd_create("large")
    for _ in range(3000):
        os.write(descriptor, bytes(10**5))


def open_files_until_none_is_left():
    opened = [os.dup(0) for _ in range(5_000)]
    return len(opened)


def open_files_and_keep_them():
    try:
        while os.dup(0) < 100_000:
            pass
    except OSError:
        pass


def print_300_mb():
    line = "x" * 10**6
    for _ in range(300):
        print(line)


def write_300_mb_to_stdout():
    for descriptor in (1, 2):
        for _ in range(150):
            os.write(descriptor, bytes(10**6))


def show_300_mb():
    from IPython.display import display

    for _ in range(30):
        display({"text/html": "x" * 10**7}, raw=True)


def exit_softly():
    sys.exit(0)


def exit_hard():
    os._exit(0)


def exit_through_ipython():
    from IPython import get_ipython

    get_ipython().run_cell("exit")


def crash_on_a_null_pointer():
    ctypes.string_at(0)


def abort():
    os.abort()


def recurse_without_end():
    sys.setrecursionlimit(10**9)
    return recurse_without_end()


def overflow_the_stack_in_c():
    nested = None
    for _ in range(10**6):
        nested = [nested]
    sys.setrecursionlimit(10**9)
    return repr(nested)


def corrupt_the_heap():
    ctypes.memset(id(None), 0xFF, 16)


def kill_itself():
    os.kill(os.getpid(), signal.SIGKILL)


def kill_itself_with_raise():
    libc.raise_(9) if hasattr(libc, "raise_") else getattr(libc, "raise")(9)


def kill_its_thread():
    signal.pthread_kill(threading.get_ident(), signal.SIGKILL)


def kill_itself_by_strict_mode():
    libc.prctl(22, 1, 0, 0, 0)  # from here on, any call but read, write and exit kills
    os.getpid()
    os.stat(".")


def kill_itself_by_a_processor_limit():
    resource.setrlimit(resource.RLIMIT_CPU, (1, 1))
    end = time.monotonic() + 10
    while time.monotonic() < end:
        pass


def stop_itself():
    os.kill(os.getpid(), signal.SIGSTOP)


def stop_its_thread():
    signal.pthread_kill(threading.get_ident(), signal.SIGSTOP)


def stop_with_the_last_thread_running():
    libc.pthread_exit(None)


def die_when_the_shell_comes_back():
    timer = threading.Timer(0.3, os._exit, (0,))
    timer.start()
    time.sleep(0.2)


def loop_without_end():
    while True:
        pass


def loop_and_catch_everything():
    while True:
        try:
            while True:
                time.sleep(0.01)
        except BaseException:
            continue


def loop_with_all_signals_blocked():
    signal.pthread_sigmask(signal.SIG_BLOCK, set(signal.valid_signals()))
    while True:
        pass


def loop_with_all_signals_ignored():
    for number in signal.valid_signals():
        try:
            signal.signal(number, signal.SIG_IGN)
        except (OSError, ValueError):
            continue
    while True:
        time.sleep(0.1)


def loop_in_c():
    return len(re.findall("(a+)+$", "a" * 60 + "b"))


def sleep_in_c():
    libc.sleep(60)


def wait_for_a_lock():
    lock = threading.Lock()
    lock.acquire()
    lock.acquire()


def wait_for_input():
    return input("What is the answer? ")


def hold_the_interpreters_lock():
    library = ctypes.PyDLL(None)
    library.sleep(60)


def alarm_itself():
    signal.setitimer(signal.ITIMER_REAL, 0.01, 0.01)
    time.sleep(0.2)


def slow_itself_down():
    os.nice(19)


def be_unkillable():
    checked(libc.prctl(36, 1, 0, 0, 0))  # a reaper of its own descendants
    libc.prctl(1, 0, 0, 0, 0)  # and of no parent's death
    libc.prctl(4, 1, 0, 0, 0)  # and one that may be inspected


def name_itself_after_the_grader():
    libc.prctl(15, b"coursekit grade", 0, 0, 0)
    return "" if GRADER else "nobody"
