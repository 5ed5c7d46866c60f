"""The tables on the grader in docs/benchmarks.md, from what was measured."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from a_class import MIX, Student
from attacks import catalogue

from benchmarks.peers import Points
from benchmarks.watch import Taken


@dataclass(frozen=True)
class Graded:
    """A class, what grading it took, and the points that came out."""

    students: tuple[Student, ...]
    taken: Taken
    points: Points

    @property
    def seconds(self) -> float:
        """Seconds per submission."""
        return self.taken.seconds / len(self.students)

    @property
    def cpu(self) -> float:
        """Processor seconds per submission."""
        return self.taken.cpu / len(self.students)

    def as_due(self, kind: str | None = None) -> tuple[int, int]:
        """Return how many got the points they had to get, and how many there are."""
        asked = [s for s in self.students if kind in (None, s.kind)]
        right = [s for s in asked if self.points.get(s.name) == sum(s.points.values())]
        return len(right), len(asked)


@dataclass(frozen=True)
class Measured:
    """Everything that the page shows."""

    three: Mapping[str, Graded]
    alone: Mapping[str, Graded]
    loop: Mapping[str, Graded]
    many: Graded


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Return a Markdown table."""
    head = list(head)
    lines = [head, ["---"] * len(head), *map(list, rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def mix() -> str:
    """Say what share of a class hands in what."""
    return ", ".join(f"{count} {kind}" for kind, count in MIX.items())


def each_further(all_of_them: Graded, alone: Graded) -> float:
    """Return the seconds of a submission without those of starting and of writing the grades."""
    more = len(all_of_them.students) - len(alone.students)
    return (all_of_them.taken.seconds - alone.taken.seconds) / more


def three(graded: Mapping[str, Graded], alone: Mapping[str, Graded]) -> str:
    """Compare the graders on the same submissions."""
    ours = graded["coursekit"]
    head = (
        "grader", "submissions", "seconds each", "times coursekit", "CPU seconds each",
        "times coursekit", "one alone, seconds", "each further one, seconds",
        "grader, peak MB", "all processes, peak MB", "points as due", "printing, right",
    )  # fmt: skip
    rows = (
        (
            name,
            str(len(one.students)),
            f"{one.seconds:.3f}",
            f"{one.seconds / ours.seconds:.1f}",
            f"{one.cpu:.3f}",
            f"{one.cpu / ours.cpu:.1f}",
            f"{alone[name].taken.seconds:.1f}",
            f"{each_further(one, alone[name]):.3f}",
            f"{one.taken.peak:.0f}",
            f"{one.taken.whole:.0f}",
            out_of(one.as_due()),
            out_of(one.as_due("prints")),
        )
        for name, one in graded.items()
    )
    return table(head, rows)


def loop(graded: Mapping[str, Graded]) -> str:
    """Compare the graders where one submission never ends."""
    rows = (
        (
            name,
            f"{one.taken.seconds:.1f}" if one.taken.ended else "did not end",
            out_of(one.as_due()),
        )
        for name, one in graded.items()
    )
    return table(("grader", "seconds for all", "points as due"), rows)


def many(one: Graded) -> str:
    """Tell how a long run went."""
    early, late = early_and_late(one)
    head = (
        "submissions", "minutes", "a second", "CPU seconds each", "early MB", "late MB",
        "report MB", "points as due",
    )  # fmt: skip
    row = (
        str(len(one.students)),
        f"{one.taken.seconds / 60:.1f}",
        f"{1 / one.seconds:.1f}",
        f"{one.cpu:.3f}",
        f"{early:.1f}",
        f"{late:.1f}",
        f"{one.taken.peak_between(0.9, 1):.1f}",
        out_of(one.as_due()),
    )
    return table(head, [row])


def early_and_late(one: Graded) -> tuple[float, float]:
    """Return the grader's largest memory in the first tenth of the time, and in the ninth."""
    return one.taken.peak_between(0, 0.1), one.taken.peak_between(0.8, 0.9)


def targets(measured: Measured) -> str:
    """Compare with what was aimed at."""
    ours, nbgrader = (measured.three[name] for name in ("coursekit", "nbgrader"))
    ratio = nbgrader.seconds / ours.seconds
    early, late = early_and_late(measured.many)
    seconds = measured.loop["coursekit"].taken.seconds
    peak = max(ours.taken.peak, measured.many.taken.peak)
    due, every = measured.many.as_due()
    printing = ours.as_due("prints")
    further = each_further(ours, measured.alone["coursekit"])
    rows = (
        ("seconds per small submission, all in", "at most 0.06", f"{ours.seconds:.3f}",
         ours.seconds <= 0.06),
        ("seconds per small submission, each further one", "at most 0.06", f"{further:.3f}",
         further <= 0.06),
        ("times as fast as nbgrader", "at least 20", f"{ratio:.1f}", ratio >= 20),
        ("20 submissions, an endless loop among them", "less than 15 s", f"{seconds:.1f} s",
         seconds < 15),
        ("the grader's peak memory", "at most 60 MB", f"{peak:.0f} MB", peak <= 60),
        ("its growth from early to late", "at most 5 %", f"{100 * (late / early - 1):.1f} %",
         late <= 1.05 * early),
        ("submissions that get the points they are due", "all", out_of((due, every)),
         due == every),
        ("right answers that print and warn: full marks", "all", out_of(printing),
         printing[0] == printing[1]),
    )  # fmt: skip
    return table(
        ("what", "target", "measured", ""),
        ((*texts, "met" if met else "**missed**") for *texts, met in rows),
    )


def out_of(pair: tuple[int, int]) -> str:
    """Return such as ``3 of 4``."""
    return f"{pair[0]} of {pair[1]}"


def held() -> str:
    """Say what is no matter of measuring: tests fail unless it holds."""
    tricks, honest = len(list(catalogue.every())), len(list(catalogue.honest()))
    rows = (
        ("tricks that earn a point", "0",
         f"none of {tricks}, each tried as root and as an ordinary user", "`make test`"),
        ("secrets read, packets out, files outside changed, processes left", "0",
         "none, by the same tricks", "`make test`"),
        ("right answers that warn, print, draw or compute unusually", "full marks",
         f"all {honest} beside the tricks", "`make test`"),
        ("kill −9 anywhere, run again", "the same gradebook",
         "after each of 30 kills of the grader, its pool, a zygote or a worker; of Dask's, too",
         "`make faults`"),
    )  # fmt: skip
    return table(("what", "target", "found", "by"), rows)
