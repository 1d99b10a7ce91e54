"""Where the nodes and flows of a process stand: lanes one under the other, each node in a column of its own.

As no two nodes share a column, the channels between columns are free from top to bottom; as all nodes of a lane stand on
its middle line, the bands above and below them are free from left to right. Flows run in channels and bands only, so
none leads through a shape; each has its own track there, so that two flows share a line only where they leave the same
node or enter the same node. Ways forward run above the nodes, ways back below.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from math import ceil

from sopan.exchange.bpmn.graph import Flow, Graph, Node, NodeKind

Point = tuple[int, int]

HEAD = 30  # of the pool and of each lane, where the name stands on its side
TASK_WIDTH, TASK_HEIGHT = 150, 80
EVENT, GATEWAY = 36, 50
LINE, LETTER = 15, 6.6  # height of a line of text, width of a letter: bpmn.io prints 12 px
TRACK = 22
GAP = 26
MARGIN = 14
BELOW = 2 * LINE + 4  # for the names of events
LONGEST_LABEL = 150


@dataclass(frozen=True, slots=True)
class Box:
    x: int
    y: int
    width: int
    height: int

    @property
    def middle(self) -> int:
        return self.y + self.height // 2

    @property
    def right(self) -> int:
        return self.x + self.width

    def overlaps(self, other: Box) -> bool:
        apart = self.right <= other.x or other.right <= self.x
        return not (apart or self.y + self.height <= other.y or other.y + other.height <= self.y)


@dataclass(slots=True)
class Diagram:
    """Coordinates in pixels; ``names`` are the places of names of nodes and flows that stand outside of a shape."""

    pool: Box = Box(0, 0, 0, 0)
    lanes: dict[str, Box] = field(default_factory=dict)
    nodes: dict[str, Box] = field(default_factory=dict)
    flows: dict[str, tuple[Point, ...]] = field(default_factory=dict)
    names: dict[str, Box] = field(default_factory=dict)


@dataclass(slots=True)
class _Way:
    """A flow on its way: which channels and band it runs in, and on which tracks."""

    flow: Flow
    source: int  # columns
    target: int
    lanes: tuple[str, str]
    leaves: int = -1  # tracks
    enters: int = -1
    band: int = -1

    @property
    def near(self) -> bool:
        return self.target == self.source + 1

    @property
    def straight(self) -> bool:
        return self.near and self.lanes[0] == self.lanes[1]

    @property
    def span(self) -> tuple[int, int]:
        """The channels between which it needs a track of a band; a channel is named by the column before it."""
        ends = (self.source, self.target - 1)
        return min(ends), max(ends)


def lay_out(graph: Graph, lanes: Sequence[str]) -> Diagram:
    """The diagram of ``graph`` with ``lanes`` (ids of actors) from top to bottom."""
    return _Layout(graph, lanes).diagram()


def size(node: Node) -> tuple[int, int]:
    """Width and height of a node; a task is as high as its text."""
    if node.kind is NodeKind.TASK:
        return TASK_WIDTH, max(TASK_HEIGHT, LINE * lines(node.name, TASK_WIDTH - 14) + 14)
    side = EVENT if node.kind in (NodeKind.START, NodeKind.END) else GATEWAY
    return side, side


def lines(text: str, width: int) -> int:
    """About how many lines a text takes."""
    return max(1, ceil(len(text) * LETTER / (width * 0.85)))


class _Layout:
    def __init__(self, graph: Graph, lanes: Sequence[str]) -> None:
        self.graph, self.lanes = graph, lanes
        column = {node.id: place for place, node in enumerate(graph.nodes)}
        lane = {node.id: node.lane for node in graph.nodes}
        self.ways = [
            _Way(flow, column[flow.source], column[flow.target], (lane[flow.source], lane[flow.target]))
            for flow in graph.flows
        ]
        self.channels = self._channel_tracks()
        self.bands = {(name, back): self._band_tracks(name, back) for name in lanes for back in (False, True)}

    def diagram(self) -> Diagram:
        made = Diagram()
        lefts = self._columns()
        tops = self._rows()
        height = sum(lane.height for lane in tops.values())
        width = lefts[-1] + MARGIN - HEAD
        made.lanes = {name: Box(HEAD, lane.y, width, lane.height) for name, lane in tops.items()}
        made.pool = Box(0, 0, width + HEAD, max(height, 1))
        for node, left in zip(self.graph.nodes, lefts, strict=False):
            wide, high = size(node)
            inset = (_column_width(node) - wide) // 2
            made.nodes[node.id] = Box(left + inset, self.axes[node.lane] - high // 2, wide, high)
            if node.name and node.kind is not NodeKind.TASK:
                made.names[node.id] = _below(made.nodes[node.id], node.name)
        for way in self.ways:
            points = tuple(self._points(way, made))
            made.flows[way.flow.id] = points
            if way.flow.name:
                made.names[way.flow.id] = self._label(way, points)
        return made

    # Tracks -----------------------------------------------------------------------------------------------------------

    def _channel_tracks(self) -> list[int]:
        """Gives each flow its tracks in the channels right of its source and left of its target; how many each has."""
        used = [0] * (len(self.graph.nodes) + 1)  # channel 0 is left of the first column
        for way in self.ways:
            if not way.straight:
                way.leaves, used[way.source + 1] = used[way.source + 1], used[way.source + 1] + 1
        self.leaving = list(used)
        for way in self.ways:
            if not way.near:
                way.enters, used[way.target] = used[way.target], used[way.target] + 1
        return used

    def _band_tracks(self, lane: str, back: bool) -> int:
        """Gives each flow that runs in a band of ``lane`` the nearest track that is free all along; how many there are."""
        inside = [way for way in self.ways if not way.near and way.lanes[1] == lane and way.flow.back is back]
        tracks: list[list[tuple[int, int]]] = []
        for way in sorted(inside, key=lambda way: way.span[1] - way.span[0]):
            begin, end = way.span
            free = (n for n, taken in enumerate(tracks) if all(end < left or right < begin for left, right in taken))
            way.band = next(free, len(tracks))
            if way.band == len(tracks):
                tracks.append([])
            tracks[way.band].append((begin, end))
        return len(tracks)

    # Sizes ------------------------------------------------------------------------------------------------------------

    def _columns(self) -> list[int]:
        """The left edge of each column, and the right end of the last channel."""
        labels = [0] * (len(self.graph.nodes) + 1)
        for way in self.ways:
            if way.near and way.flow.name:
                room = self._label_inset(way) + _label_size(way.flow.name)[0] + 12
                labels[way.source + 1] = max(labels[way.source + 1], room)
        self.starts: list[int] = []  # of the channels
        x, lefts = 2 * HEAD, []
        for place, tracks in enumerate(self.channels):
            self.starts.append(x)
            x += max(GAP + TRACK // 2 * tracks, labels[place])
            lefts.append(x)
            if place < len(self.graph.nodes):
                x += _column_width(self.graph.nodes[place])
        return lefts

    def _rows(self) -> dict[str, Box]:
        """Top and height of each lane; sets the middle line of its nodes."""
        self.axes: dict[str, int] = {}
        self.half: dict[str, int] = {}
        tops, y = {}, 0
        for name in self.lanes:
            high = max((size(node)[1] for node in self.graph.nodes if node.lane == name), default=TASK_HEIGHT)
            above = MARGIN + TRACK * self.bands[name, False] + LINE
            self.axes[name] = y + above + high // 2
            height = above + high + BELOW + TRACK * self.bands[name, True] + MARGIN
            tops[name] = Box(HEAD, y, 0, height)
            self.half[name] = high // 2
            y += height
        return tops

    # Ways -------------------------------------------------------------------------------------------------------------

    def _points(self, way: _Way, made: Diagram) -> Iterator[Point]:
        source, target = made.nodes[way.flow.source], made.nodes[way.flow.target]
        yield source.right, source.middle
        if not way.straight:
            out = self.starts[way.source + 1] + _first_track(way)
            yield out, source.middle
            if not way.near:
                y = self._band(way)
                into = self.starts[way.target] + GAP // 2 + TRACK // 2 * way.enters
                yield out, y
                yield into, y
                yield into, target.middle
            else:
                yield out, target.middle
        yield target.x, target.middle

    def _label(self, way: _Way, points: Sequence[Point]) -> Box:
        """Above the level line that is the flow's own: its track in a band, or the stretch before its target."""
        if way.near:
            width, height = _label_size(way.flow.name)
            return Box(self.starts[way.source + 1] + self._label_inset(way), points[-1][1] - height - 2, width, height)
        (x1, y), (x2, _) = points[2], points[3]
        width = ceil(len(way.flow.name) * LETTER) + 4
        return Box(x1 + 4 if x2 > x1 else x1 - width - 4, y - LINE - 2, width, LINE)

    def _label_inset(self, way: _Way) -> int:
        """How far into its channel the label of a flow to the next column begins: behind what turns before."""
        turned = self.leaving[way.source + 1] if way.straight else way.leaves + 1
        return GAP // 2 + TRACK // 2 * max(0, turned - 1) + 4 if turned else 4

    def _band(self, way: _Way) -> int:
        lane = way.lanes[1]
        if way.flow.back:
            return self.axes[lane] + self.half[lane] + BELOW + TRACK * way.band + LINE
        return self.axes[lane] - self.half[lane] - MARGIN - TRACK * way.band


def _column_width(node: Node) -> int:
    wide = size(node)[0]
    return max(wide, _name_width(node.name)) if node.name and wide == EVENT else wide


def _first_track(way: _Way) -> int:
    """How far into its channel a flow turns."""
    return GAP // 2 + TRACK // 2 * way.leaves


def _name_width(text: str) -> int:
    return max(60, min(90, ceil(len(text) * LETTER)))


def _label_size(text: str) -> tuple[int, int]:
    width = min(LONGEST_LABEL, ceil(len(text) * LETTER) + 4)
    return width, LINE * lines(text, width)


def _below(box: Box, text: str) -> Box:
    width = _name_width(text)
    return Box(box.x + box.width // 2 - width // 2, box.y + box.height + 4, width, LINE * min(2, lines(text, width)))
