"""Place the nodes of a small acyclic graph in rows, so that arrows go down and round the boxes.

An arrow that skips rows gets a place of its own in each of them, as if a narrow node stood there.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

Edge = tuple[int, int]
Place = tuple[int, int, int]  # (from, to, row); a node n itself is (n, n, its row)
Point = tuple[float, float]


@dataclass
class Layout:
    """The row of every node and the centre of every place, in boxes and rows."""

    row: dict[int, int] = field(default_factory=dict)
    centre: dict[Place, float] = field(default_factory=dict)

    def at(self, node: int) -> Point:
        """Return where a node stands."""
        return self.centre[node, node, self.row[node]], float(self.row[node])

    def path(self, edge: Edge) -> list[Point]:
        """Return the points that an arrow passes: its ends, and a place in each row between."""
        start, end = edge
        between = range(self.row[start] + 1, self.row[end])
        passed = [(self.centre[start, end, level], float(level)) for level in between]
        return [self.at(start), *passed, self.at(end)]

    @property
    def width(self) -> float:
        """From the left edge of the leftmost box to the right edge of the rightmost."""
        return 1 + max(self.centre.values()) - min(self.centre.values())


def layout(nodes: Sequence[int], edges: Sequence[Edge], gap: float = 0.2) -> Layout:
    """Return a layout in which every node stands below all that it needs.

    >>> layout([1, 2, 3], [(1, 2), (2, 3), (1, 3)]).row
    {1: 0, 2: 1, 3: 2}
    """
    found = Layout()
    for node in sorted(nodes):
        found.row[node] = 1 + max((found.row[a] for a, b in edges if b == node), default=-1)
    for level in range(1 + max(found.row.values())):
        here = [(n, n, level) for n in nodes if found.row[n] == level]
        here += [(a, b, level) for a, b in edges if found.row[a] < level < found.row[b]]
        above = {place: _above(place, found, edges) for place in here}
        here.sort(key=lambda place: (above[place], place))
        widths = [1.0 if a == b else 0.3 for a, b, _ in here]
        total = sum(widths) + gap * (len(here) - 1)
        left = -total / 2
        for place, width in zip(here, widths, strict=True):
            found.centre[place] = left + width / 2
            left += width + gap
    return found


def _above(place: Place, found: Layout, edges: Sequence[Edge]) -> float:
    """Return where, on average, the arrows come from that lead to a place."""
    start, end, level = place
    into = [(start, end)] if start != end else [edge for edge in edges if edge[1] == end]
    before = [
        found.centre[a, a, level - 1]
        if found.row[a] == level - 1
        else found.centre[a, b, level - 1]
        for a, b in into
    ]
    return sum(before) / len(before) if before else 0.0
