"""Grade a folder of attacks in a process of its own, and write down what came and what was felt.

Run as ``python tests/grade_attacks.py FOLDER SECRET OUT.json [CANARY]``; it starts when a line
comes in on stdin, so that the attacks can be told its process id. This is the one place that
knows how grading is called.
"""

import fcntl
import json
import os
import signal
import sys
from pathlib import Path

from coursekit.grading.classroom import find_submissions, grade_all, read_secret
from coursekit.grading.results import as_plain
from coursekit.grading.session import Limits

LIMITS = Limits(cell=3, answer=3, notebook=40)
ORDINARY = {signal.SIGCHLD, signal.SIGPIPE, signal.SIGINT, signal.SIGKILL, signal.SIGSTOP}


def graded(folder: Path, secret: Path):
    """Yield every result as plain data."""
    found = find_submissions(folder)
    for result in grade_all(found.submissions, read_secret(secret), LIMITS, None):
        yield as_plain(result)


def feel_signals() -> list[int]:
    """Return a list that will hold the number of every signal that comes."""
    felt: list[int] = []
    for number in signal.valid_signals() - ORDINARY:
        signal.signal(number, lambda number, frame: felt.append(number))
    return felt


def condition() -> dict[str, object]:
    """Return what others could have changed about this process."""
    return {
        "flags": [fcntl.fcntl(descriptor, fcntl.F_GETFL) for descriptor in (0, 1, 2)],
        "nice": os.nice(0),
        "cores": sorted(os.sched_getaffinity(0)),
        "folder": str(Path.cwd()),
        "umask": os.umask(0o022),
    }


def main() -> None:
    """Grade, then write results, signals felt and the process's condition."""
    folder, secret, out = map(Path, sys.argv[1:4])
    os.umask(0o022)
    felt, before = feel_signals(), condition()
    sys.stdin.readline()
    results = list(graded(folder, secret))
    report = {"results": results, "signals": felt, "before": before, "after": condition()}
    out.write_text(json.dumps(report), "utf-8")


if __name__ == "__main__":
    main()
