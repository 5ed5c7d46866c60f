"""The `grade` command: from submissions to stored results, from those to a gradebook.

Every result is stored before the next one is waited for, so a run that is killed goes on
where it stopped. The folder to write to is trusted to be the teacher's alone.
"""

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path

from coursekit.errors import CourseError
from coursekit.grading.classroom import Settings, columns
from coursekit.grading.exam import accept
from coursekit.grading.executors import Grader, Here, Pool, Task, end_with_parent
from coursekit.grading.export import write_exports
from coursekit.grading.files import writing
from coursekit.grading.finding import Found, find_submissions
from coursekit.grading.gradebook import write_gradebook
from coursekit.grading.results import Result, Submission
from coursekit.grading.sandbox.policy import Policy
from coursekit.grading.secret import FILE, read_secret
from coursekit.grading.session import Limits
from coursekit.grading.spawn import end_zygote, tried
from coursekit.grading.store import Store, Stored

MOST_JOBS = 60  # Windows waits for no more processes at a time
Watch = Callable[[Iterable[Result], int], Iterator[Result]]


@dataclass(frozen=True)
class Order:
    """What to grade, where to write, and who does the work.

    Parameters
    ----------
    place
        The folder or zip with the submissions.
    out
        The folder for results and gradebook.
    secret
        The secret's file; ``out/secret.txt`` when there is none.
    limits
        Time and restarts of a notebook.
    jobs
        Processes on this machine; one means none but this.
    scheduler
        The address of a Dask scheduler, whose workers grade then.
    shard
        ``(i, n)`` grades the i-th of n parts, and leaves the gradebook to a later run.
    policy
        What the sandbox must protect.
    """

    place: Path
    out: Path
    secret: Path | None = None
    limits: Limits = field(default_factory=Limits)
    jobs: int = 1
    scheduler: str | None = None
    shard: tuple[int, int] | None = None
    policy: Policy = field(default_factory=Policy)


@dataclass(frozen=True)
class Graded:
    """What the command says in the end, and its exit code: 1 while something is ungraded."""

    lines: tuple[str, ...]
    exit_code: int


def grade_folder(order: Order, watch: Watch) -> Graded:
    """Grade all submissions that have no result yet, and write the gradebook into `out`.

    Raises
    ------
    CourseError
        When there is nothing to grade, `out` cannot be written, the sandbox is too weak, or
        the exam's notebooks are not those that its declarations make.
    """
    accept()
    found = find_submissions(order.place, order.out)
    mine = found.submissions
    if order.shard is not None:
        mine = mine[order.shard[0] - 1 :: order.shard[1]]
    with writing(order.out):
        order.out.mkdir(parents=True, exist_ok=True)
    secret = read_secret(order.secret or order.out / FILE)
    settings = Settings(secret, order.limits, order.policy)
    sandbox = None if order.scheduler else tried(order.policy)
    store, count = Store(order.out / "results", settings), Count()
    with _grader(order, settings, len(mine)) as grader:
        for result in watch(grade_all(mine, found, store, grader, count), len(mine)):
            count.add(result)
    if order.shard is None:
        _write(order.out, found, store)
    lines = [] if sandbox is None else [f"{sandbox}."]
    return _summary(order, found, count, lines)


def _write(out: Path, found: Found, store: Store) -> None:
    results, table = Stored(store, found.submissions), columns(found.submissions)
    with writing(out):
        write_gradebook(out, found.students, results, table)
        write_exports(out, found.students, results, table)
        # jinja2 and the pages would add to the grader's memory, so they get a process of their own
        with ProcessPoolExecutor(1, get_context("spawn"), end_with_parent) as other:
            try:
                other.submit(_report, out, found.students, found.submissions, store).result()
            except BrokenExecutor:
                raise CourseError("The report's process was killed; run it again.") from None


def _report(
    out: Path, students: tuple[str, ...], submissions: tuple[Submission, ...], store: Store
) -> None:
    from coursekit.grading.report import write_reports

    write_reports(out, students, Stored(store, submissions), columns(submissions))


def _grader(order: Order, settings: Settings, submissions: int) -> Grader:
    if order.scheduler is not None:
        from coursekit.grading.cluster import Cluster

        return Cluster(order.scheduler, settings)
    jobs = min(order.jobs, submissions)
    if jobs <= 1:
        return Here(settings)
    end_zygote()  # the one that was tried: every process of the pool has its own
    return Pool(jobs, settings)


def processors() -> int:
    """Return how many processors this process may use, at most what a pool takes anywhere."""
    if hasattr(os, "sched_getaffinity"):
        return min(len(os.sched_getaffinity(0)), MOST_JOBS)
    return min(os.cpu_count() or 1, MOST_JOBS)


class Count:
    """What became of the submissions so far; it keeps no result."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.reasons: list[tuple[tuple[str, str], str]] = []

    def add(self, result: Result) -> None:
        """Count a result."""
        submission = result.submission
        self.counts["all"] += 1
        if result.ungraded is not None:
            self.reasons.append(((submission.student, submission.chapter), result.ungraded))


def grade_all(
    submissions: Iterable[Submission], found: Found, store: Store, grader: Grader, count: Count
) -> Iterator[Result]:
    """Yield a result for every submission, in any order; each is stored by then."""
    for submission in submissions:
        try:
            content = found.read(submission)
        except CourseError as error:
            result = Result(submission, ungraded=str(error))
            store.write(result, key="")
            yield result
            continue
        key = store.key(submission, content)
        before = store.graded(submission, key)
        if before is not None:
            count.counts["before"] += 1
            yield before
            continue
        yield from _stored(store, grader.take(Task(submission, content, key)))
    yield from _stored(store, grader.rest())


def _stored(store: Store, graded: Iterable[tuple[Task, Result]]) -> Iterator[Result]:
    for task, result in graded:
        store.write(result, task.key)
        yield result


def _summary(order: Order, found: Found, count: Count, lines: list[str]) -> Graded:
    whole, before = count.counts["all"], count.counts["before"]
    lines += [*found.refused, *(f"skipped {p}: its name is no chapter's" for p in found.unknown)]
    lines += [f"ungraded: {reason}" for _, reason in sorted(count.reasons)]
    earlier = f", {before} of them in an earlier run" if before else ""
    lines.append(f"{whole - len(count.reasons)} of {whole} notebooks graded{earlier}.")
    if order.shard is None:
        lines.append(f"The gradebook is {order.out / 'gradebook.csv'}, the report report.html.")
    else:
        lines.append(
            f"This was part {order.shard[0]} of {order.shard[1]}; once all are done, run the same "
            "command without --shard: it skips what is graded and writes the gradebook."
        )
    return Graded(tuple(lines), 1 if count.reasons or found.refused else 0)
