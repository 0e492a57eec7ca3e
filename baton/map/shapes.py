"""What a drawing of a map is put together from, in whole units of an SVG view box."""

from dataclasses import dataclass, field

from baton.map.elements import Desk, Handoff, PacketItem, Stage

WIDTH = 800
LANE = 128
BLEED = 24
NODE_HEIGHT = 46
BATON_HEIGHT = 52
GAP_WIDTH = 136


@dataclass(frozen=True, slots=True)
class Lane:
    """A desk. `banded` lanes carry the darker ground."""

    desk: Desk
    y: int
    width: int
    height: int
    banded: bool

    @property
    def name_y(self) -> int:
        return self.y + 30

    @property
    def people_y(self) -> int:
        return self.y + 47


@dataclass(frozen=True, slots=True)
class Node:
    """A stage, with the label of the event that shows it."""

    stage: Stage
    label: str
    x: int
    y: int
    width: int
    height: int = NODE_HEIGHT
    leftward: bool = False

    @property
    def text_x(self) -> int:
        return self.x + 12

    @property
    def name_y(self) -> int:
        return self.y + 20

    @property
    def label_y(self) -> int:
        return self.y + 36

    @property
    def right(self) -> int:
        return self.x + self.width

    @property
    def center_x(self) -> int:
        return self.x + self.width // 2

    @property
    def center_y(self) -> int:
        return self.y + self.height // 2


@dataclass(frozen=True, slots=True)
class Segment:
    """One item of a packet within its baton."""

    item: PacketItem
    x: int
    y: int
    width: int
    height: int = 8


class _Pill:
    """What is drawn with round ends: its middle, its foot and its curve follow from where it stands."""

    __slots__ = ()
    x: int
    y: int
    width: int
    height: int

    @property
    def radius(self) -> int:
        return self.height // 2

    @property
    def text_x(self) -> int:
        return self.x + self.width // 2

    @property
    def bottom(self) -> int:
        return self.y + self.height


@dataclass(frozen=True, slots=True)
class Baton(_Pill):
    """A handoff: a pill across the border of two lanes, with one segment for each item of its packet."""

    handoff: Handoff
    x: int
    y: int
    width: int
    segments: tuple[Segment, ...]
    height: int = BATON_HEIGHT

    @property
    def name_y(self) -> int:
        return self.y + 32

    @property
    def note_y(self) -> int:
        return self.y + 45


@dataclass(frozen=True, slots=True)
class Gap(_Pill):
    """Where work changes desk and no handoff leads there: only a draft has such."""

    from_desk: Desk
    to_desk: Desk
    x: int
    y: int
    width: int = GAP_WIDTH
    height: int = BATON_HEIGHT

    @property
    def name_y(self) -> int:
        return self.y + 31


@dataclass(frozen=True, slots=True)
class Track:
    """A line that work runs along, as SVG path data. `later` tracks open a linked deal and are dashed."""

    path: str
    later: bool = False


@dataclass(frozen=True, slots=True)
class Note:
    """Words beside a track, one line each, set flush right against `x`."""

    x: int
    y: int
    text: str


@dataclass(slots=True)
class Drawing:
    """Everything to draw, back to front: lanes, tracks, nodes, batons, notes. Lanes reach `BLEED` past both sides."""

    width: int = WIDTH
    height: int = LANE
    lanes: list[Lane] = field(default_factory=list)
    tracks: list[Track] = field(default_factory=list)
    nodes: list[Node] = field(default_factory=list)
    batons: list[Baton] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    astray: list[Stage | Handoff] = field(default_factory=list)
    """What names a desk or a stage that isn't there, and so has no place: only a draft has such."""

    @property
    def view_box(self) -> str:
        return f"{-BLEED} 0 {self.width + 2 * BLEED} {self.height}"

    def node(self, stage: str) -> Node:
        return next(node for node in self.nodes if node.stage.key == stage)
