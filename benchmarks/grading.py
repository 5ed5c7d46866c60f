"""Measure coursekit's grader against nbgrader and otter, and write its part of docs/benchmarks.md.

Run it from the repository's root, on an idle machine: make bench-grading
All graders get the same submissions in one run, one submission at a time, with tests that compare
the same values. With --submissions 20 --peers 10 --many 100 it is over in a few minutes.
"""

import argparse
import sys
from collections.abc import Sequence

sys.path.insert(0, "tests")  # where the made-up class is

from a_class import Student, a_class

from benchmarks import grading_tables, peers, timing
from benchmarks.grading_tables import Graded, Measured
from benchmarks.page import write_part

PATIENCE = 60.0  # seconds for 20 submissions, one of which never ends
FOREVER = 36_000.0

TEXT = """## The grader

`make bench-grading` writes this part, in one run. Its submissions are made up (`tests/a_class.py`):
chapter 1 as 1000 students would hand it in, {mix}.
What each of them earns is known from how it was made. A small submission holds one cell of imports,
the six answers and what its student added; coursekit would skip the chapter's demonstrations, and
without them the others do the same work. With other work on the machine (a load average above
1.5) compare the processor seconds; the others are then too long, for all three.

{machine}

### The same submissions, three graders

nbgrader {nbgrader} grades them with one `nbgrader autograde`, otter {otter} with one process that
calls what `otter run` calls, coursekit with `coursekit grade --jobs 1`. The tests for nbgrader and
otter compare with the same references on as many draws of the same inputs. Endless loops are left
out here. The processor time is that of all processes; so is the memory of *all processes*, in which
pages that processes share count once for each. *grader* is the process that was started, which
student code never runs in.

{three}

*one alone* is what a class of one takes: starting, grading it, writing the grades and, with
coursekit, a report. *points as due* counts the submissions that got exactly the points that they
had to get. *printing, right* are right answers that also print, write to stderr and warn.

Where the other graders got fewer submissions than coursekit, their start is spread over fewer, and
*seconds each*, the ratios and the target of 20 below flatter coursekit. *each further one* does not
depend on the size of the class.

### An endless loop among twenty

nbgrader stops a cell after 30 s, its default; otter has no limit. Either is stopped after
{patience} s here.

{loop}

### Many submissions

coursekit alone, on the whole mix, endless loops included, in one process. *early* is the grader's
largest memory in the first tenth of the time, *late* in the ninth, *report* in the last, when it
writes the report.

{many}

### Targets

{targets}

Where the time of one submission goes: about two thirds in its own process (the fork, IPython's
way to run a cell, the calls), one third in the grader (encoding and judging). *all in* adds
starting and the pages, which a process of its own writes, divided among all. An
endless loop takes its 10 seconds, and two more if it swallows what is to stop it. A shorter limit
would stop honest answers on slow machines.

What is no matter of speed is held by tests, which fail unless it is so:

{held}
"""


def main() -> None:
    """Measure, print and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--submissions", type=int, default=200, help="how many are graded by all")
    parser.add_argument("--peers", type=int, help="how many of them nbgrader and otter get")
    parser.add_argument("--many", type=int, default=5000, help="how many coursekit grades alone")
    chosen = parser.parse_args()
    text = page(measure(chosen.submissions, chosen.peers or chosen.submissions, chosen.many))
    write_part("grader", text)
    print(text)


def measure(submissions: int, of_peers: int, many: int) -> Measured:
    """Let every grader do its work, one after the other."""
    students = list(a_class(submissions, without=("loops",)))
    three = {
        name: graded(name, students[: submissions if name == "coursekit" else of_peers])
        for name in peers.GRADERS
    }
    twenty = with_one_loop()
    loop = {name: graded(name, twenty, PATIENCE) for name in peers.GRADERS}
    alone = {name: graded(name, students[:1]) for name in peers.GRADERS}
    return Measured(three, alone, loop, graded("coursekit", list(a_class(many, seed=1))))


def graded(name: str, students: Sequence[Student], seconds: float = FOREVER) -> Graded:
    """Let one grader grade, in a folder of its own."""
    folder = peers.fresh(peers.CACHE / "work" / name)
    done = Graded(tuple(students), *peers.GRADERS[name](folder, students, seconds))
    print(f"{name}: {len(students)} in {done.taken.seconds:.1f} s", file=sys.stderr)
    return done


def with_one_loop() -> list[Student]:
    """Return twenty students, one of whom handed in an endless loop."""
    students = list(a_class(19, without=("loops",)))
    looping = next(student for student in a_class(500) if student.kind == "loops")
    return [*students, looping]


def page(measured: Measured) -> str:
    """Return the page as Markdown."""
    return TEXT.format(
        machine=timing.machine(),
        mix=grading_tables.mix(),
        nbgrader=peers.version("nbgrader", "nbgrader"),
        otter=peers.version("otter", "otter-grader"),
        patience=f"{PATIENCE:.0f}",
        three=grading_tables.three(measured.three, measured.alone),
        loop=grading_tables.loop(measured.loop),
        many=grading_tables.many(measured.many),
        targets=grading_tables.targets(measured),
        held=grading_tables.held(),
    )


if __name__ == "__main__":
    main()
