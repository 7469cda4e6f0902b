"""Draws `docs/architecture.svg` from the imports of the code: `make picture`.

Every room stands above all that it imports; an arrow that follows from two
others is left out; a room's title (hold the mouse over it) lists all of them.
The same imports give the same bytes.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from html import escape

from tools.rooms import LIBRARY, ROOT, Room, rooms

PICTURE = ROOT / "docs" / "architecture.svg"
WIDTH, GAP, ROW = 860, 18, 92  #: of the picture, between boxes, from one layer to the next
HEIGHT = 44  #: of a box
LETTER = 7.4  #: width of a letter in a room's name
SMALL = 5.6  #: width of a letter in a folder's name
TURN = 14  #: width kept free for an arrow that passes a layer
SWEEPS = 24  #: orderings tried, alternating down and up
STYLE = """
text{font:13px system-ui,sans-serif;text-anchor:middle;fill:#1b1f24}
.small{font-size:10px;fill:#57606a}
.key{text-anchor:start;font-size:12px}
rect{stroke:#57606a;rx:5px}
.pure{fill:#e7f3ea}.files{fill:#fdf3d7}.network{fill:#f9e1dd}
.library{stroke-width:2.5}.workshop{stroke-dasharray:5 3}
path{fill:none;stroke:#8c959f}
marker path{fill:#8c959f;stroke:none}
@media(prefers-color-scheme:dark){
svg{background:#0d1117}text{fill:#e6edf3}.small{fill:#9198a1}
.pure{fill:#12331f}.files{fill:#3b2e0a}.network{fill:#4a1d17}}
"""
TIP = """<marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">
<path d="M0 0 8 4 0 8z"/></marker>"""


@dataclass(slots=True)
class Node:
    """A room in its layer, or the point where a longer arrow passes one."""

    layer: int  #: counted from the top
    width: float
    above: list[str] = field(default_factory=list)
    below: list[str] = field(default_factory=list)
    x: float = 0.0


def draw(found: Mapping[str, Room]) -> str:
    """Return the picture as SVG text."""
    nodes = place(found)
    height = (max(node.layer for node in nodes.values()) + 1) * ROW + 40
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img">',
        "<title>The rooms of generator/ and which imports which</title>",
        f"<style>{STYLE}</style>",
        f"<defs>{TIP}</defs>",
        *(_arrow(nodes, chain) for chain in _chains(nodes, found)),
        *(_box(found[name], nodes[name].x, _y(nodes[name])) for name in sorted(found)),
        *_key(height - 26),
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def layers(imports: Mapping[str, Iterable[str]]) -> dict[str, int]:
    """Return how far below the top each room stands, close below the lowest that imports it.

    Raise `ValueError` for a circle.
    """
    importers = {name: sorted(other for other in imports if name in imports[other]) for name in imports}
    found: dict[str, int] = {}

    def depth(name: str, path: tuple[str, ...]) -> int:
        if name in path:
            msg = f"rooms import one another in a circle: {' ← '.join((*path, name))}"
            raise ValueError(msg)
        if name not in found:
            found[name] = max((depth(other, (*path, name)) + 1 for other in importers[name]), default=0)
        return found[name]

    for name in sorted(imports):
        depth(name, ())
    return found


def reduced(imports: Mapping[str, Iterable[str]]) -> dict[str, list[str]]:
    """Return the imports of each room without those that another of its imports leads to."""

    def reach(name: str) -> set[str]:
        return set().union(*({other} | reach(other) for other in imports[name]))

    reached = {name: reach(name) for name in imports}
    return {
        name: sorted(set(own) - set().union(*(reached[other] for other in own)))
        for name, own in imports.items()
    }


def place(found: Mapping[str, Room]) -> dict[str, Node]:
    """Return every node with its place; rooms lie near what they are connected to."""
    imports = {name: room.imports for name, room in found.items()}
    depths = layers(imports)
    nodes = {name: Node(depths[name], _width(room)) for name, room in found.items()}
    for name, own in reduced(imports).items():
        for other in own:
            _connect(nodes, name, other)
    rows = [
        sorted(name for name in nodes if nodes[name].layer == layer)
        for layer in range(max(depths.values()) + 1)
    ]
    for row in rows:
        _spread(nodes, row, dict.fromkeys(row, WIDTH / 2))
    for sweep in range(SWEEPS):
        up = bool(sweep % 2)
        for row in reversed(rows) if up else rows:
            wanted = {name: _wish(nodes, nodes[name], up=up) for name in row}
            row.sort(key=lambda name: (wanted[name], name))
            _spread(nodes, row, wanted)
    return nodes


def _connect(nodes: dict[str, Node], name: str, other: str) -> None:
    """Lead an arrow from a room to one that it imports, with a point in each layer between."""
    upper = name
    for layer in range(nodes[name].layer + 1, nodes[other].layer):
        bend = f"{name}>{other}@{layer}"
        nodes[bend] = Node(layer, TURN, above=[upper])
        nodes[upper].below.append(bend)
        upper = bend
    nodes[upper].below.append(other)
    nodes[other].above.append(upper)


def _wish(nodes: Mapping[str, Node], node: Node, *, up: bool) -> float:
    """Return where a node would like to be: in the middle of those below it, or above it."""
    near = (node.below if up else node.above) or node.above + node.below
    return sum(nodes[name].x for name in near) / len(near) if near else node.x


def _spread(nodes: Mapping[str, Node], row: list[str], wanted: Mapping[str, float]) -> None:
    """Place a row in its order, each node as near to its wish as the others and the picture allow."""
    widths = [nodes[name].width + GAP for name in row]
    wishes = [wanted[name] for name in row]
    right = _pushed(widths, wishes)
    left = [WIDTH - x for x in reversed(_pushed(widths[::-1], [WIDTH - wish for wish in reversed(wishes)]))]
    for name, *both in zip(row, left, right, strict=True):
        nodes[name].x = sum(both) / 2


def _pushed(widths: list[float], wishes: list[float]) -> list[float]:
    """Return places of which none is left of its wish unless those after it need the room."""
    places, left = [], 0.0
    for number, (width, wish) in enumerate(zip(widths, wishes, strict=True)):
        last = WIDTH - sum(widths[number:])
        left = max(left, min(wish - width / 2, last))
        places.append(left + width / 2)
        left += width
    return places


def _chains(nodes: Mapping[str, Node], found: Mapping[str, Room]) -> Iterator[list[str]]:
    """Yield each arrow as the names of its points."""
    for name in sorted(found):
        for below in nodes[name].below:
            chain = [name, below]
            while chain[-1] not in found:
                chain += nodes[chain[-1]].below
            yield chain


def _width(room: Room) -> float:
    return max(len(room.name) * LETTER, len(" ".join(room.folders)) * SMALL) + 16


def _y(node: Node) -> float:
    return node.layer * ROW + 14


def _arrow(nodes: Mapping[str, Node], chain: list[str]) -> str:
    points = [(nodes[name].x, _y(nodes[name])) for name in chain]
    (x, y), *rest = points
    path = f"M{x:.0f} {y + HEIGHT:.0f}"
    y += HEIGHT
    for number, (to_x, to_y) in enumerate(rest):
        bend = (to_y - y) / 2
        path += f"C{x:.0f} {y + bend:.0f} {to_x:.0f} {to_y - bend:.0f} {to_x:.0f} {to_y:.0f}"
        if number < len(rest) - 1:
            path += f"V{to_y + HEIGHT:.0f}"
        x, y = to_x, to_y + HEIGHT
    return f'<path d="{path}" marker-end="url(#tip)"/>'


def _box(room: Room, x: float, y: float) -> str:
    width = _width(room)
    house = (
        "library"
        if room.name.startswith(f"{LIBRARY}.")
        else "workshop"
        if room.name == "sandbox"
        else "product"
    )
    told = f"{room.name} imports {', '.join(sorted(room.imports)) or 'no other room'}"
    lines = [f'<text x="{x:.0f}" y="{y + (19 if room.folders else 27):.0f}">{escape(room.name)}</text>']
    if room.folders:
        inside = " ".join(room.folders)
        lines.append(f'<text class="small" x="{x:.0f}" y="{y + 34:.0f}">{escape(inside)}</text>')
    box = f'<rect class="{room.touches} {house}" x="{x - width / 2:.0f}" y="{y:.0f}"'
    return (
        f'<g><title>{escape(told)}</title>{box} width="{width:.0f}" height="{HEIGHT}"/>{"".join(lines)}</g>'
    )


def _key(y: float) -> Iterator[str]:
    """Yield the legend."""
    signs = [
        ("pure product", "values in, values out"),
        ("files product", "touches files"),
        ("network product", "touches the network"),
        ("pure library", "library"),
        ("network workshop", "workshop"),
    ]
    x = float(GAP)
    for classes, text in signs:
        yield f'<rect class="{classes}" x="{x:.0f}" y="{y:.0f}" width="18" height="14"/>'
        yield f'<text class="key" x="{x + 24:.0f}" y="{y + 11:.0f}">{text}</text>'
        x += 24 + len(text) * 6.6 + 24


if __name__ == "__main__":
    PICTURE.write_text(draw(rooms()))
