"""The command line; every command is a few lines around a function that tests call."""

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from coursekit.errors import CourseError
from coursekit.options import exam_option, shard

if TYPE_CHECKING:
    from coursekit.grading.sandbox.policy import Mode
    from coursekit.workspace import Laid

Command = Callable[..., Any]
MODES = ("auto", "strict", "bwrap", "off")


def sentences(command: Command) -> Command:
    """Turn a CourseError into its sentence on stderr and exit code 2; Ctrl-C into 130."""

    @wraps(command)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except CourseError as error:
            _stop(str(error), 2)
        except OSError as error:  # a full disk, a file that vanished meanwhile
            _stop(f"{error.filename or 'The system'}: {error.strerror}.", 2)
        except KeyboardInterrupt:
            _stop("stopped.", 130)

    return wrapped


def _stop(sentence: str, code: int) -> None:
    click.echo(f"coursekit: {sentence}", err=True)
    raise SystemExit(code) from None


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="coursekit")
def main() -> None:
    """A course on the sigmoid: start it, check it, grade it, build it."""


@main.command(short_help="Copy the chapters and open the first.")
@click.argument("folder", metavar="[DIR]", type=click.Path(path_type=Path), default="work")
@click.option("--no-lab", is_flag=True, help="Only copy the chapters; do not open JupyterLab.")
@sentences
def start(folder: Path, no_lab: bool) -> None:
    """Copy the chapters into DIR (default: work) and open the first in JupyterLab."""
    from coursekit.workspace import lay_out

    laid = lay_out(folder)
    for chapter in laid:
        if chapter.did == "beside":
            click.echo(f"You changed this chapter; its new version lies beside it: {chapter.path}")
    click.echo(f"{folder.resolve()} holds {len(laid)} chapters: {_counted(laid)}.")
    if not no_lab:
        _open_lab(laid[0].path.resolve())


def _counted(laid: "list[Laid]") -> str:
    words = {"new": "new", "updated": "updated", "kept": "as you left them"}
    numbers = Counter(words.get(chapter.did, words["kept"]) for chapter in laid)
    return ", ".join(f"{numbers[word]} {word}" for word in words.values() if numbers[word])


def _open_lab(notebook: Path) -> None:
    """Become JupyterLab; it prints its address and opens a browser where there is one."""
    command = [
        *(sys.executable, "-m", "jupyterlab"),
        f"--ServerApp.root_dir={notebook.parent}",
        f"--LabApp.default_url=/lab/tree/{notebook.name}",  # so that the printed address has it
    ]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.append("--allow-root")  # containers run as root; Jupyter would refuse to start
    click.echo("JupyterLab prints its address below; stop it with Ctrl-C.")
    sys.stdout.flush()
    if os.name == "posix":
        os.execv(sys.executable, command)
    raise SystemExit(subprocess.call(command))  # elsewhere exec leaves the terminal too early


@main.command(short_help="Check the answers in notebooks.")
@exam_option
@click.argument("paths", metavar="NOTEBOOK…", nargs=-1, type=click.Path(path_type=Path))
@sentences
def check(paths: tuple[Path, ...]) -> None:
    """Check the answers in each NOTEBOOK; exit with 1 while one is missing or wrong."""
    from coursekit.workspace import check_notebook

    if not paths:
        raise CourseError("Which notebook? Write `coursekit check work/01_definition.ipynb`.")
    good = True
    for path in paths:
        verdicts = check_notebook(path)
        good = good and all(verdict.status == "passed" for verdict in verdicts)
        click.echo("\n".join(map(str, verdicts)))
    raise SystemExit(0 if good else 1)


@main.command(short_help="Show how far the chapters are solved.")
@click.argument("folder", metavar="[DIR]", type=click.Path(path_type=Path), default="work")
@sentences
def progress(folder: Path) -> None:
    """Show how far the chapters in DIR (default: work) are solved."""
    from coursekit.tables import progress_table, show
    from coursekit.workspace import progress as progress_in

    show(progress_table(progress_in(folder)))


@main.command(short_help="Grade a folder of submissions.")
@exam_option
@click.argument("submissions", type=click.Path(path_type=Path))
@click.option("--out", required=True, type=click.Path(path_type=Path), help="Folder to write to.")
@click.option("--jobs", type=click.IntRange(1, 60), help="Notebooks at a time; one a processor.")
@click.option("--scheduler", metavar="ADDRESS", help="Grade on a Dask scheduler's workers.")
@click.option("--shard", metavar="I/N", callback=shard, help="Grade part I of N, no gradebook.")
@click.option("--secret", type=click.Path(path_type=Path), help="File with the seeds' secret.")
@click.option("--time-limit", default=120.0, type=click.FloatRange(1), help="Seconds a notebook.")
@click.option("--sandbox", default="auto", type=click.Choice(MODES), help="See `doctor`.")
@click.option("--allow-weak-sandbox", "weak", is_flag=True, help="Grade without protection, too.")
@sentences
def grade(
    submissions: Path, out: Path, time_limit: float, sandbox: "Mode", weak: bool, **options: Any
) -> None:
    """Grade SUBMISSIONS with hidden inputs: a folder of STUDENT/NN_slug.ipynb, or a zip.

    What is graded already is not graded again: after a crash, run the same command.
    """
    from coursekit.grading.run import Order, grade_folder, processors
    from coursekit.grading.sandbox.policy import Policy
    from coursekit.grading.session import Limits
    from coursekit.tables import grading_bar

    options["jobs"] = options["jobs"] or processors()
    limits, policy = Limits(notebook=time_limit), Policy(sandbox, weak)
    order = Order(submissions, out, limits=limits, policy=policy, **options)
    outcome = grade_folder(order, grading_bar)
    for line in outcome.lines:
        click.echo(line)
    raise SystemExit(outcome.exit_code)


@main.command(short_help="Say what protects this machine from notebooks.")
@click.option("--sandbox", default="auto", type=click.Choice(MODES), help="As for `grade`.")
@sentences
def doctor(sandbox: "Mode") -> None:
    """Say what this machine offers to confine notebooks, and whether `grade` will run.

    Exits with 1 where `grade` would refuse.
    """
    from coursekit.grading.doctor import examine
    from coursekit.tables import findings_table, show

    health = examine(sandbox)
    show(findings_table(health.findings))
    for line in health.lines:
        click.echo(line)
    raise SystemExit(health.exit_code)


@main.command(short_help="Build the notebooks and pages from their sources.")
@click.argument("chapters", metavar="[CHAPTER…]", nargs=-1)
@click.option("--check", "only_check", is_flag=True, help="Write nothing; name what is stale.")
@sentences
def build(chapters: tuple[str, ...], only_check: bool) -> None:
    """Build the notebooks from solutions/*.md, all or each CHAPTER, and the pages in docs/."""
    from coursekit import authoring, exercises

    course = exercises.chapters()
    built = [authoring.build(path, course) for path in authoring.sources(Path(), chapters)]
    pages = authoring.pages(Path(), course)
    if not only_check:
        for one in built:
            authoring.write(one)
            click.echo(f"built {one.solution_path} and {one.chapter_path}")
        for path in authoring.write_pages(pages):
            click.echo(f"built {path}")
        return
    late = list(authoring.stale_among(built))
    for path in late:
        click.echo(f"{path} is stale: run `coursekit build {path.stem}`.", err=True)
    old = list(authoring.stale_pages(pages))
    for path in old:
        click.echo(f"{path} is stale: run `coursekit build`.", err=True)
    raise SystemExit(1 if late or old else 0)


@main.command(short_help="Build your own exam, in variants.")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--seed", "seeds", type=click.IntRange(0), multiple=True, help="A variant's seed.")
@sentences
def exam(folder: Path, seeds: tuple[int, ...]) -> None:
    """Build the exam in DIR, once for each seed, after its solutions earned all points.

    Students get DIR/chapters; DIR/solutions and DIR/exercises are yours.
    """
    from coursekit import exam as exams

    for one in exams.build(folder, seeds):
        exams.write(one)
        click.echo(f"built {one.solution_path} and {one.chapter_path}")


@main.command(short_help="Write the course for nbgrader or otter.")
@click.argument("tool", type=click.Choice(("nbgrader", "otter")))
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.argument("chapters", metavar="[CHAPTER…]", nargs=-1)
@click.option("--secret", type=click.Path(path_type=Path), help="File with the seeds' secret.")
@sentences
def export(tool: str, folder: Path, chapters: tuple[str, ...], secret: Path | None) -> None:
    """Write an assignment per chapter (all, or each CHAPTER) into DIR, for nbgrader or otter.

    Run it in a course checkout, where the solutions are. DIR keeps the secret that the hidden
    inputs are drawn from; give --secret grades/secret.txt for those of `coursekit grade`.
    """
    from coursekit.interop.export import export as write

    for path in write(tool, Path(), folder, chapters, secret):
        click.echo(f"wrote {path}")


if __name__ == "__main__":
    main()
