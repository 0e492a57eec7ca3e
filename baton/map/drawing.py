"""A map laid out for drawing: desks as lanes, stages along the work, handoffs where it changes lane.

Pure geometry in whole units of an SVG view box; the template only writes it down. Work runs to the right while there
is room and back to the left where there is none; what leads back (a linked deal, a handoff aside from the way of
work) runs in a column of its own at the right.
"""

from collections.abc import Iterator
from itertools import groupby

from django.utils.translation import gettext_lazy as _

from baton.map.elements import Handoff, Stage
from baton.map.schema import OperatingMap
from baton.map.shapes import (
    BLEED,
    GAP_WIDTH,
    LANE,
    NODE_HEIGHT,
    WIDTH,
    Baton,
    Drawing,
    Gap,
    Lane,
    Node,
    Note,
    Segment,
    Track,
)  # fmt: skip

LABELS = 104
RIGHT = 740
NODE_TOP = 53
MIDDLE = NODE_TOP + NODE_HEIGHT // 2
BETWEEN = 14
INTO = 72
OUT_OF = 50
BEND = 20
BATON_RISE = 14
COLUMN = 30
LONGEST = 30


def draw(drawn: OperatingMap) -> Drawing:
    """Lay the map out, one with problems as far as it goes. The wider the work, the wider the drawing."""
    layout = _Layout(drawn)
    layout.place_work()
    layout.place_what_leads_back()
    return layout.finish()


class _Layout:
    def __init__(self, drawn: OperatingMap) -> None:
        self.map = drawn
        self.picture = Drawing(height=LANE * max(len(drawn.desks), 1))
        self.stages = [stage for stage in drawn.stages.values() if stage.desk in drawn.desks]
        self.picture.astray += [stage for stage in drawn.stages.values() if stage.desk not in drawn.desks]
        self.top = {key: LANE * number for number, key in enumerate(drawn.desks)}
        self.columns = 0
        self.used: set[str] = set()
        self.beside: list[Baton] = []

    def place_work(self) -> None:
        """The way of work: runs of stages at one desk, joined by handoffs."""
        at, leftward, before = LABELS, False, None
        for desk, stages in groupby(self.stages, key=lambda stage: stage.desk):
            run = list(stages)
            if before:
                at = self._cross(before, desk, leftward)
                leftward = self._turns_left(run, at)
                at += -INTO if leftward else INTO
            before = self._place_run(run, at, leftward)
            if len(self.picture.nodes) > len(run):
                self._lead_in(run[0], leftward)

    def place_what_leads_back(self) -> None:
        for handoff in self.map.handoffs.values():
            if handoff.key not in self.used:
                self._aside(handoff) if self._has_a_place(handoff) else self.picture.astray.append(handoff)
        for stage in self.stages:
            if stage.opens in self.map.desks:
                self._opens(stage)

    def _has_a_place(self, handoff: Handoff) -> bool:
        ends = {handoff.from_desk, handoff.to_desk}
        return len(ends) == 2 and ends <= set(self.map.desks) and handoff.at in [stage.key for stage in self.stages]

    def finish(self) -> Drawing:
        picture = self.picture
        right = max((each.x + each.width for each in [*picture.nodes, *picture.batons, *picture.gaps]), default=0)
        picture.width = max(WIDTH, right + BLEED, self._column(self.columns) + BLEED if self.columns else 0)
        width = picture.width + 2 * BLEED
        for number, desk in enumerate(self.map.desks.values()):
            picture.lanes.append(Lane(desk, self.top[desk.key], width, LANE, banded=number % 2 == 0))
        return picture

    # The way of work

    def _turns_left(self, run: list[Stage], at: int) -> bool:
        if any(stage.opens for stage in run):
            return False
        length = sum(map(_node_width, run)) + BETWEEN * (len(run) - 1)
        return at + INTO + length > RIGHT and at - INTO - length >= LABELS

    def _place_run(self, run: list[Stage], at: int, leftward: bool) -> Node:
        """Place the stages one after the other; answers the last. `at` is the edge that the first one touches."""
        for stage in run:
            width = _node_width(stage)
            x = self._free(stage.desk, at - width if leftward else at, width, leftward)
            node = Node(stage, _label(stage), x, self.top[stage.desk] + NODE_TOP, width, leftward=leftward)
            if stage is not run[0]:
                self._join(self.picture.nodes[-1], node)
            self.picture.nodes.append(node)
            at = x - BETWEEN if leftward else node.right + BETWEEN
        return node

    def _free(self, desk: str, x: int, width: int, leftward: bool) -> int:
        """The nearest room in the lane, for a desk that work comes to more than once."""
        placed = sorted((node for node in self.picture.nodes if node.stage.desk == desk), key=lambda node: node.x)
        for node in placed if not leftward else reversed(placed):
            if x < node.right + BETWEEN and node.x < x + width + BETWEEN:
                beside = node.x - BETWEEN - width
                x = beside if leftward and beside >= LABELS else node.right + BETWEEN
        return x

    def _join(self, one: Node, other: Node) -> None:
        left, right = (one, other) if one.x < other.x else (other, one)
        self._track(f"M{left.right} {left.center_y}H{right.x}")

    def _cross(self, last: Node, desk: str, leftward: bool) -> int:
        """Draw the handoff from the last stage of a run to another desk; answers the x at which it crosses."""
        handoff = self._handoff_between(last.stage, desk)
        width = _baton_width(handoff) if handoff else GAP_WIDTH
        x, straight = self._crossing(last, width, leftward)
        down = self.top[desk] > self.top[last.stage.desk]
        border = self.top[desk] if down else self.top[last.stage.desk]
        baton = (
            self._place_baton(handoff, x, border, width) if handoff else self._place_gap(last.stage, desk, x, border)
        )
        x = baton.text_x
        start = f"M{x} {last.y + last.height if down else last.y}" if straight else _turn_out(last, x, down)
        self._track(f"{start}V{baton.y if down else baton.bottom}")
        self._inlet = (baton, down)
        return x

    def _crossing(self, last: Node, width: int, leftward: bool) -> tuple[int, bool]:
        """Where work leaves its lane: beside the last stage where there is room, else straight from its middle."""
        if leftward:
            beside = last.x - BEND - BETWEEN
            return (beside, False) if beside - width // 2 >= LABELS else (last.center_x, True)
        beside = last.right + OUT_OF
        return (beside, False) if beside + width // 2 <= RIGHT else (last.center_x, True)

    def _lead_in(self, first: Stage, leftward: bool) -> None:
        baton, down = self._inlet
        node, x = self.picture.node(first.key), baton.text_x
        y = node.center_y - BEND if down else node.center_y + BEND
        edge, turn = (node.right, x - BEND) if leftward else (node.x, x + BEND)
        start = baton.bottom if down else baton.y
        self._track(f"M{x} {start}V{y}Q{x} {node.center_y} {turn} {node.center_y}H{edge}")

    def _handoff_between(self, stage: Stage, desk: str) -> Handoff | None:
        fitting = [each for each in self.map.handoffs_from(stage.desk) if each.to_desk == desk]
        return next((each for each in fitting if each.at == stage.key), fitting[0] if fitting else None)

    def _place_gap(self, stage: Stage, desk: str, x: int, border: int) -> Gap:
        left = self._free_at_border(x - GAP_WIDTH // 2, border, GAP_WIDTH)
        gap = Gap(self.map.desks[stage.desk], self.map.desks[desk], left, border - BATON_RISE)
        self.picture.gaps.append(gap)
        return gap

    # Handoffs

    def _place_baton(self, handoff: Handoff, x: int, border: int, width: int) -> Baton:
        left = self._free_at_border(x - width // 2, border, width)
        y = border - BATON_RISE
        baton = Baton(handoff, left, y, width, tuple(self._segments(handoff, left, y, width)))
        self.picture.batons.append(baton)
        self.used.add(handoff.key)
        return baton

    def _free_at_border(self, x: int, border: int, width: int) -> int:
        for other in sorted([*self.picture.batons, *self.picture.gaps], key=lambda each: each.x):
            level = other.y == border - BATON_RISE
            if level and x < other.x + other.width + BETWEEN and other.x < x + width + BETWEEN:
                x = other.x + other.width + BETWEEN
        return x

    def _segments(self, handoff: Handoff, x: int, y: int, width: int) -> Iterator[Segment]:
        items = self.map.packet(handoff)
        step = (width - 2 * 18) / max(len(items), 1)
        for number, item in enumerate(items):
            yield Segment(item, x + 18 + round(number * step), y + 10, max(round(step - 2.5), 2))

    # What leads back

    def _aside(self, handoff: Handoff) -> None:
        """A handoff that isn't on the way of work: in a column of its own, from its stage to the other desk."""
        node, width = self.picture.node(handoff.at), _baton_width(handoff)
        down = self.top[handoff.to_desk] > self.top[handoff.from_desk]
        border = self.top[handoff.to_desk] if down else self.top[handoff.from_desk]
        x = self._column(self._next_column()) + width // 2
        self.columns += width // COLUMN
        baton = self._place_baton(handoff, x, border, width)
        self.beside.append(baton)
        self._track(f"{_turn_out(node, baton.text_x, down)}V{baton.y if down else baton.bottom}")
        self._track(self._way_home(handoff.to_desk, baton.text_x, baton.bottom if down else baton.y, down))

    def _opens(self, stage: Stage) -> None:
        """The dashed way from a stage to the desk at which it opens a linked deal."""
        node, x = self.picture.node(stage.key), self._column(self._next_column())
        down = self.top[stage.opens] > self.top[stage.desk]
        y = node.center_y
        home = self._way_home(stage.opens, x, y, down).removeprefix(f"M{x} {y}")
        self.picture.tracks.append(Track(f"{_turn_out(node, x, down)}{home}", later=True))
        middle = (y + self.top[stage.opens] + MIDDLE) // 2
        desk = self.map.desks[stage.opens].name
        for line, words in enumerate((_("opens a linked"), _("deal at {desk}").format(desk=desk))):
            self.picture.notes.append(Note(x - 8, middle + 16 * line, str(words)))

    def _way_home(self, desk: str, x: int, y: int, down: bool) -> str:
        """Down or up a column and into a lane, up to its last stage."""
        middle = self.top[desk] + MIDDLE
        there = max((node.right for node in self.picture.nodes if node.stage.desk == desk), default=LABELS)
        return f"M{x} {y}V{middle - BEND if down else middle + BEND}Q{x} {middle} {x - BEND} {middle}H{there + 6}"

    def _next_column(self) -> int:
        self.columns += 1
        return self.columns

    def _column(self, number: int) -> int:
        on_the_way = [each for each in [*self.picture.batons, *self.picture.gaps] if each not in self.beside]
        rights = [each.x + each.width for each in [*self.picture.nodes, *on_the_way]]
        return max([RIGHT, *rights]) + 4 + COLUMN * number

    def _track(self, path: str) -> None:
        self.picture.tracks.append(Track(path))


def _turn_out(node: Node, x: int, down: bool) -> str:
    """Out of a node sideways and round the corner at `x`."""
    y = node.center_y
    edge, before = (node.right, x - BEND) if x >= node.right else (node.x, x + BEND)
    return f"M{edge} {y}H{before}Q{x} {y} {x} {y + BEND if down else y - BEND}"


def _label(stage: Stage) -> str:
    label = stage.entered_by.label
    return label if len(label) <= LONGEST else f"{label[: LONGEST - 1].rstrip()}…"


def _node_width(stage: Stage) -> int:
    """Enough for its name and its label; letters are about 7.4 and 6.3 units wide at their sizes."""
    return max(104, 24 + round(max(7.4 * len(stage.name), 6.3 * len(_label(stage)))))


def _baton_width(handoff: Handoff) -> int:
    return max(136, 36 + round(6.3 * len(handoff.name)), 36 + 8 * len(handoff.carries))
