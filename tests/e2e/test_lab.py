"""A student solves an exercise in JupyterLab, by keyboard, and everybody sees it."""

import csv
import json
import subprocess
import sys

from playwright.sync_api import expect

from coursekit import exercises

ONE = "01_definition"
LOGIT = exercises.find("logit")
TOTAL = sum(exercise.points for exercise in exercises.chapters()[ONE])
PATIENCE = 60_000  # milliseconds: a kernel has to start, on a machine that may be busy

GO_TO = """async id => {
    const notebook = window.jupyterapp.shell.currentWidget.content;
    const index = notebook.widgets.findIndex(cell => cell.model.id === id);
    notebook.activeCellIndex = index;
    await notebook.scrollToItem(index, 'center');
    notebook.activate();
    notebook.mode = 'command';
}"""
TYPING = "() => !!document.activeElement?.closest('.jp-Cell.jp-mod-active .cm-content')"
ELSEWHERE = "id => window.jupyterapp.shell.currentWidget.content.activeCell.model.id !== id"
ACTIVE = "() => window.jupyterapp.shell.currentWidget.content.activeCellIndex"
READY = """() => {
    const panel = window.jupyterapp?.shell?.currentWidget;
    const kernel = panel?.sessionContext?.session?.kernel;
    return !!panel?.content?.widgets?.length && kernel?.status === 'idle';
}"""
SAVED = "() => !window.jupyterapp.shell.currentWidget.context.model.dirty"


class Notebook:
    """A chapter in JupyterLab, used through the keyboard."""

    def __init__(self, page, address, name):
        self.page, self.keys = page, page.keyboard
        page.goto(f"{address}/lab/tree/{name}")
        page.wait_for_function(READY)

    def run(self, cell):
        """Run a cell; return the place of its output."""
        self.page.evaluate(GO_TO, cell)
        return self._run()

    def rewrite_last_line(self, cell, text):
        """Replace a cell's last line, then run it."""
        self.page.evaluate(GO_TO, cell)
        self._start_typing()
        self.keys.press("Control+End")
        self.keys.press("Shift+Home")
        self.keys.type(text)
        return self._run()

    def add_below(self, cell, *lines):
        """Write a new cell below another and run it; return the place of its output."""
        self.page.evaluate(GO_TO, cell)
        self.keys.press("b")
        self.page.wait_for_function(ELSEWHERE, arg=cell)
        self._start_typing()
        for line in lines:
            self.keys.type(line)
            self.keys.press("Enter")
        return self._run()

    def save(self):
        """Save as everybody does, and wait until it is done."""
        self.keys.press("Control+s")
        self.page.wait_for_function(SAVED)

    def _start_typing(self):
        self.keys.press("Enter")
        self.page.wait_for_function(TYPING)

    def _run(self):
        place = self.page.evaluate(ACTIVE)
        self.keys.press("Control+Enter")
        return self.page.locator(f'.jp-Cell[data-windowed-list-index="{place}"] .jp-OutputArea')


def setup_cell(server):
    """Return the id of the chapter's cell with the imports."""
    written = json.loads((server.work / f"{ONE}.ipynb").read_text("utf-8"))
    [cell] = [c for c in written["cells"] if "setup" in c["metadata"].get("tags", [])]
    return cell["id"]


def cells_up_to_the_slider(server):
    """Return the ids of the code cells to run, the one with the first slider last."""
    written = json.loads((server.work / f"{ONE}.ipynb").read_text("utf-8"))
    code = [c for c in written["cells"] if c["cell_type"] == "code"]
    last = next(k for k, c in enumerate(code) if "@interact" in "".join(c["source"]))
    return [c["id"] for c in code[: last + 1] if "check" not in c["metadata"].get("tags", [])]


def coursekit(server, *command):
    """Run a command where the student is; return what it printed."""
    done = subprocess.run(
        [sys.executable, "-m", "coursekit.cli", *command],
        cwd=server.work.parent,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
    )
    assert not done.stderr
    return done.stdout


def points_in_gradebook(server):
    """Hand the chapter in, grade it, and return the gradebook's points by exercise."""
    home = server.work.parent
    handed_in = home / "submissions" / "ann" / f"{ONE}.ipynb"
    handed_in.parent.mkdir(parents=True)
    handed_in.write_bytes((server.work / handed_in.name).read_bytes())
    coursekit(server, "grade", "submissions", "--out", "grades", "--allow-weak-sandbox")
    with (home / "grades" / "gradebook.csv").open(encoding="utf-8", newline="") as file:
        [row] = csv.DictReader(file)
    return {name: row[name] for name in row if name in exercises.every()}


def test_a_mistake_is_named_a_hint_helps_and_the_right_answer_counts(page, server):
    notebook = Notebook(page, server.address, f"{ONE}.ipynb")
    notebook.run(setup_cell(server))
    notebook.rewrite_last_line("answer-logit", "return np.log(p)")
    verdict = notebook.run("check-logit")
    expect(verdict).to_contain_text(f"✗ logit: 0 of {LOGIT.points} points", timeout=PATIENCE)
    [mistake] = [m for m in LOGIT.mistakes if m.feedback.startswith("This is log p.")]
    expect(verdict).to_contain_text(mistake.feedback.replace("`", ""))
    assert f"0 of {TOTAL}" in coursekit(server, "progress")

    hint = notebook.add_below("check-logit", 'hint("logit")')
    expect(hint).to_contain_text(f"Hint 1 of {len(LOGIT.hints)}", timeout=PATIENCE)

    notebook.rewrite_last_line("answer-logit", "return np.log(p / (1 - p))")
    verdict = notebook.run("check-logit")
    right = f"✓ logit: {LOGIT.points} of {LOGIT.points} points"
    expect(verdict).to_contain_text(right, timeout=PATIENCE)
    notebook.save()

    assert right in coursekit(server, "check", f"work/{ONE}.ipynb").splitlines()
    assert f"{LOGIT.points} of {TOTAL}" in coursekit(server, "progress")
    earned = points_in_gradebook(server)
    assert earned.pop("logit") == str(LOGIT.points)
    assert set(earned.values()) == {"0"}


def test_a_slider_is_moved_by_the_keyboard(page, server):
    notebook = Notebook(page, server.address, f"{ONE}.ipynb")
    for cell in cells_up_to_the_slider(server):
        output = notebook.run(cell)
    curve = output.locator("img")
    expect(curve).to_be_visible(timeout=PATIENCE)
    drawn = curve.get_attribute("src")
    before = output.locator(".widget-slider", has_text="before")
    before.get_by_role("slider").focus()
    page.keyboard.press("ArrowRight")
    expect(before.locator(".widget-readout")).to_have_text("0.11")
    expect(curve).not_to_have_attribute("src", drawn, timeout=PATIENCE)
