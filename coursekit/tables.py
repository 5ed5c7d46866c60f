"""What the commands show in a terminal: tables and a progress bar."""

from collections.abc import Iterable, Iterator
from typing import Any

from rich.columns import Columns
from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
)
from rich.table import Table
from rich.text import Text

from coursekit.grading.doctor import Finding
from coursekit.verdict import Verdict

_MARKS = {"passed": "[green]✓[/]", "failed": "[red]✗[/]", "not attempted": "[dim]·[/]"}


def progress_table(chapters: dict[str, list[Verdict] | None]) -> Table:
    """Return a row per chapter: its exercises with their marks, and the points."""
    table = Table(box=None, pad_edge=False)
    table.add_column("chapter", style="bold")
    table.add_column("exercises")
    table.add_column("points", justify="right")
    earned = possible = 0
    for slug, verdicts in chapters.items():
        if verdicts is None:
            table.add_row(slug, "[dim]not here: run `coursekit start`[/]", "")
            continue
        marks = Columns([f"{_MARKS[v.status]} {v.exercise}" for v in verdicts], padding=(0, 2))
        got, of = sum(v.points for v in verdicts), sum(v.out_of for v in verdicts)
        table.add_row(slug, marks, f"{got} of {of}")
        earned, possible = earned + got, possible + of
    table.add_section()
    table.add_row("total", "", f"{earned} of {possible}")
    return table


def findings_table(findings: Iterable[Finding]) -> Table:
    """Return a row for each thing that was looked at."""
    table = Table(box=None, pad_edge=False, show_header=False)
    for finding in findings:
        mark = "[green]✓[/]" if finding.there else "[dim]·[/]"
        table.add_row(mark, finding.name, escape(finding.detail))
    return table


def show(table: Table) -> None:
    """Print a table to the terminal."""
    Console().print(table)


class RateColumn(ProgressColumn):
    """How many notebooks a second."""

    def render(self, task: Task) -> Text:
        """Return the rate of the last half minute, or of the whole run once it is done."""
        rate = task.finished_speed or task.speed
        return Text("" if rate is None else f"{rate:.1f}/s")


def grading_bar(results: Iterable[Any], total: int) -> Iterator[Any]:
    """Yield the results while a bar on stderr counts them, where that is a terminal."""
    console = Console(stderr=True)
    columns = (BarColumn(), MofNCompleteColumn(), RateColumn(), TimeRemainingColumn())
    with Progress(
        TextColumn("grading"),
        *columns,
        console=console,
        transient=True,
        disable=not console.is_terminal,
    ) as bar:
        task = bar.add_task("grading", total=total)
        for result in results:
            bar.advance(task)
            yield result
