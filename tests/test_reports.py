"""The pages: nothing escapes, nothing is fetched, every number is right, all can read them."""

import json
import re
import weakref
from collections import Counter
from html.parser import HTMLParser
from importlib.resources import files
from xml.etree import ElementTree

import pytest
from classroom_results import (
    CHAPTERS,
    EVIL,
    LAST,
    ONE,
    SANDBOX,
    TWO,
    a_class,
    columns,
    result,
    right,
    students_of,
    submission,
    ungraded,
    untouched,
    wrong,
)

from coursekit.grading.outline import parts
from coursekit.grading.pages import Pages
from coursekit.grading.report import WORDS, Bar, write_reports
from coursekit.grading.results import as_plain, by_student

TAGS = {
    *("html", "head", "meta", "title", "style", "body", "header", "main", "footer"),
    *("section", "article", "div", "h1", "h2", "h3", "p", "a", "b", "code", "span"),
    *("table", "thead", "tbody", "tr", "th", "td", "details", "summary"),
    *("svg", "path", "text", "rect", "pattern"),
}
VOID = {"meta"}


class Page(HTMLParser):
    """A page, read strictly: tags nest, only known ones occur, and texts are kept by tag."""

    def __init__(self, text):
        super().__init__()
        self.open, self.texts, self.ids, self.links = [], [], [], []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        assert tag in TAGS, tag
        for name, value in attributes:
            assert not name.startswith("on")
            assert name not in ("src", "srcset", "action", "data")
            if name.endswith("href"):
                self.links.append(value)
            if name == "id":
                self.ids.append(value)
        if tag not in VOID:
            self.open.append(tag)
            self.texts.append((tag, ""))

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        self.handle_endtag(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        for i in range(1, len(self.texts) + 1):
            if self.open and self.texts[-i][0] == self.open[-1]:
                self.texts[-i] = (self.open[-1], self.texts[-i][1] + data)
                break

    def of(self, tag):
        return [" ".join(text.split()) for name, text in self.texts if name == tag]


def written(folder, results, students=None, asked=None):
    folder.mkdir(exist_ok=True)
    results = list(results)
    everyone = students_of(results) if students is None else students
    write_reports(folder, everyone, iter(results), asked or columns())
    return {p.relative_to(folder).as_posix(): p.read_text("utf-8") for p in folder.rglob("*.html")}


@pytest.fixture(scope="module")
def klass():
    return list(a_class())


@pytest.fixture(scope="module")
def pages(klass, tmp_path_factory):
    return written(tmp_path_factory.mktemp("out"), klass, (*students_of(klass), "zoe"))


def test_everyone_has_a_page_and_the_teacher_has_one(klass, pages):
    names = {f"feedback/{student}.html" for student in (*students_of(klass), "zoe")}
    assert set(pages) == names | {"report.html"}


def test_every_page_is_well_formed_and_refers_to_nothing_outside(pages):
    for text in pages.values():
        page = Page(text)
        assert len(page.ids) == len(set(page.ids))
        assert all(link[1:] in page.ids for link in page.links)
        assert all(link.startswith("#") for link in page.links)
        assert not re.search(r"https?:|//\w|url\((?!#)|@import|<script", text)


def test_two_runs_write_the_same_bytes(klass, pages, tmp_path):
    assert written(tmp_path / "again", klass, (*students_of(klass), "zoe")) == pages


def test_hostile_texts_stay_texts(tmp_path):
    asked = CHAPTERS[ONE]
    verdicts = [wrong(e, f"got      {EVIL}\n{EVIL}") for e in asked]
    evil = [result(EVIL, verdicts), ungraded(EVIL, EVIL, TWO), ungraded("y" * 3000, EVIL * 99)]
    found = written(tmp_path / "out", evil, (EVIL, "y" * 3000))
    assert len(found) == 3
    for text in found.values():
        Page(text)
        assert "alert(1)" not in re.sub(r"&lt;/script&gt;&lt;script&gt;alert\(1\)", "", text)
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f]", text)
    assert {p.parent.name for p in tmp_path.rglob("*.html")} == {"out", "feedback"}
    report = Page(found["report.html"])
    shown = "".join(c if c.isprintable() else " " for c in EVIL)
    assert " ".join(shown.split()) in report.of("td")


def test_no_message_and_no_log_reaches_a_student(tmp_path):
    asked = CHAPTERS[ONE]
    lines = "call     sigmoid(0.817365)\nexpected 0.69\ngot      E817365: 817365"
    found = written(tmp_path, [result("ann", [wrong(e, lines) for e in asked])])
    assert "817365" not in found["feedback/ann.html"]
    assert "0.69" not in found["feedback/ann.html"]


def recount(klass):
    """Count by plain Python over the JSON that the grader stores."""
    kinds, mistakes, attempts = Counter(), Counter(), Counter()
    for entry in json.loads(json.dumps([as_plain(r) for r in klass])):
        for exercise in entry["exercises"]:
            name = exercise["name"]
            attempts[name] += 1
            kinds[name] += exercise["status"] == "passed"
            if exercise["mistake"]:
                mistakes[name, exercise["mistake"]] += 1
    return kinds, mistakes, attempts


def test_the_report_counts_what_a_recount_counts(klass, pages):
    passed, mistakes, attempts = recount(klass)
    text = pages["report.html"]
    cards = re.findall(r'<div class="card plain">.*?\n</div>\n', text, re.DOTALL)
    seen = Counter()
    for card in cards:
        name = re.search(r"<h3><code>(\w+)</code>", card)[1]
        assert f"{passed[name]} of {attempts[name]} right" in card
        for number, of, mistake in re.findall(
            r'"number">(\d+) of (\d+)</td>.*?<span class="quiet">([\w-]+)</span>', card
        ):
            seen[name, mistake] = int(number)
            assert int(of) == attempts[name]
        others = re.findall(r"(\d+) (?:wrong|with an|stopped|not)", card.partition("<p class")[2])
        told = sum(n for (exercise, _), n in seen.items() if exercise == name)
        if name != "verdicts":  # there one answer may hold several mistakes
            assert passed[name] + told + sum(map(int, others)) == attempts[name]
    assert seen == mistakes


def test_the_mistakes_come_in_order_of_frequency_with_their_feedback(klass, pages):
    _, mistakes, _ = recount(klass)
    first = pages["report.html"].partition("The mistakes that most")[2].partition("<h2>")[0]
    told = [int(n) for n in re.findall(r'"number">(\d+) of', first)]
    assert told == sorted(mistakes.values(), reverse=True)[: len(told)]
    assert len(told) == 12


def test_the_report_says_who_was_not_graded_and_what_protected_the_rest(klass, pages):
    page = Page(pages["report.html"])
    refused = [r for r in klass if r.ungraded is not None]
    assert f"{len(refused)} could not be graded" in page.of("b")
    assert SANDBOX in page.of("p")
    for one in refused:
        assert one.submission.student in page.of("td")


def test_a_long_list_of_ungraded_ends_and_says_so(tmp_path):
    many = [ungraded(f"s{i:03}") for i in range(250)]
    text = written(tmp_path, many)["report.html"]
    assert text.count("it is no notebook") == 200
    assert "and 50 more" in text


def test_a_students_page_adds_up(klass, pages):
    for student in students_of(klass):
        own = [r for r in klass if r.submission.student == student]
        refused = {r.submission.chapter for r in own if r.ungraded is not None}
        counted = [c for c in (ONE, TWO, LAST) if c not in refused]
        points = sum(v.points for r in own for v in r.verdicts)
        page = Page(pages[f"feedback/{student}.html"])
        total = sum(e.points for chapter in counted for e in CHAPTERS[chapter])
        assert f"of {total} points" in page.of("p")
        assert str(points) in page.of("b")
        shown = [text for text in page.of("h3") if text != "Next"]
        assert len(shown) == sum(len(r.verdicts) for r in own)


def test_a_student_reads_what_to_do_next(tmp_path):
    first, second, *others = CHAPTERS[ONE]
    verdicts = [right(first), wrong(second, mistake=second.mistakes[0])]
    verdicts += [untouched(e) for e in others]
    text = written(tmp_path, [result("ann", verdicts)])["feedback/ann.html"]
    after = text.partition("Next</h3>")[2].partition("</section>")[0]
    assert f'hint("{second.name}")' in after
    assert f"{ONE}.ipynb" in after


def test_what_was_not_graded_is_never_0_points(tmp_path):
    text = written(tmp_path, [ungraded("ann")], asked=columns((ONE,)))["feedback/ann.html"]
    assert "Not graded yet" in Page(text).of("p")
    assert not re.search(r"\b0</b> of|of 0", text)


def test_what_was_not_graded_lowers_no_total(tmp_path):
    graded = [result("ann", [right(e) for e in CHAPTERS[ONE]]), ungraded("ann", chapter=TWO)]
    page = Page(written(tmp_path, graded, asked=columns((ONE, TWO)))["feedback/ann.html"])
    assert f"of {sum(e.points for e in CHAPTERS[ONE])} points" in page.of("p")
    assert "Every graded exercise is right. Well done." in page.of("p")


def test_all_right_is_said_kindly_and_leaves_nothing_to_do(tmp_path):
    verdicts = [right(e) for e in CHAPTERS[ONE]]
    text = written(tmp_path, [result("ann", verdicts)], asked=columns((ONE,)))["feedback/ann.html"]
    assert "Well done" in text
    assert "Next" not in text


def test_results_are_gone_through_once_and_not_kept():
    alive = []

    def coming():
        for i in range(60):
            one = result(f"student {i // 3}", [right(e) for e in CHAPTERS[ONE]], str(i))
            assert sum(ref() is not None for ref in alive) <= 2 * 3
            alive.append(weakref.ref(one))
            yield one
            del one

    for _ in by_student([f"student {i}" for i in range(20)], coming()):
        pass
    assert len(alive) == 60


def test_results_that_are_not_ordered_are_refused():
    mixed = [ungraded("ann"), ungraded("bob"), ungraded("ann", chapter=TWO)]
    with pytest.raises(ValueError, match="the results of 'ann' are out of order"):
        list(by_student(("ann", "bob"), mixed))


def test_chapters_are_called_as_in_their_notebooks():
    (part,) = parts(columns((LAST,)))
    assert part.heading == "13 · Read an article with a red pen"
    assert part.points == sum(e.points for e in CHAPTERS[LAST])
    assert submission("ann").chapter == ONE


def drawn(rows):
    template = Pages()._environment.get_template("bars.html")
    return ElementTree.fromstring(str(template.module.bars(rows)))


def test_bars_are_labelled_and_as_long_as_their_shares():
    rows = [
        Bar("a < b", "1 of 2", {"passed": 0.5, "error": 0.25, "other": 0, "not attempted": 0.25}),
        Bar('"two"', "", {"mistake": 1.0}),
    ]
    picture = drawn(rows)
    assert (picture.get("role"), picture.get("aria-label")) == ("img", 'a < b: 1 of 2; "two"')
    parts = [
        (p.get("class"), float(p.get("x")), float(p.get("width"))) for p in picture.iter("rect")
    ]
    assert parts == [
        ("passed", 1, 219),
        ("error", 220, 109.5),
        ("not-attempted", 329.5, 109.5),
        ("mistake", 1, 438),
    ]
    fills = [part.get("fill") for part in picture.iter("rect")]
    assert fills == [None, "url(#error)", None, "url(#mistake)"]
    assert [t.text for t in picture.iter("text")] == ["a < b", "1 of 2", '"two"', None]


def test_every_kind_of_answer_has_a_fill_of_its_own(tmp_path):
    text = written(tmp_path, [], asked=columns((ONE,)))["report.html"]
    for kind in WORDS:
        name = kind.replace(" ", "-")
        styled, hatched = f".{name} {{ fill:" in text, f'<pattern id="{name}"' in text
        assert styled != hatched
    assert "svg text { font-size: 14px; fill: currentColor; }" in text
    assert ".not-attempted { fill: none; stroke: currentColor;" in text
    assert 'aria-label="The fills of the bars: right; with a known mistake; ' in text
    hatches = re.findall(r'<path d="([^"]*)" stroke=', text)
    assert len(set(hatches)) == len(hatches) == 4


def luminance(colour):
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_every_text_has_enough_contrast_in_light_in_dark_and_on_paper():
    style = (files("coursekit.grading") / "templates" / "base.html").read_text("utf-8")
    themes = re.findall(r":root \{(.*?)\}", style, re.DOTALL)
    assert len(themes) == 3
    for theme in themes:
        colours = dict(re.findall(r"--(\w+): (#\w{6})", theme))
        for text in ("text", "quiet", "good", "bad", "part"):
            for paper in ("paper", "card", "code"):
                light, dark = sorted(
                    (luminance(colours[text]), luminance(colours[paper])), reverse=True
                )
                assert (light + 0.05) / (dark + 0.05) >= 4.5, (text, paper)
