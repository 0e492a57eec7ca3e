// The board: a card ([data-card data-move=ADDRESS]) dragged to another lane ([data-lane=STAGE]) posts that stage, and
// the answer takes the place of #board. "Move to…" (#move, one menu for all cards) does the same without a pointer.
const still = matchMedia("(prefers-reduced-motion: reduce)").matches;

function moved({item, from, to, oldIndex}) {
  for (const lane of document.querySelectorAll(".lane[data-over]")) delete lane.dataset.over;
  if (from === to) return;
  const putBack = () => from.insertBefore(item, from.children[oldIndex] ?? null);
  item.addEventListener("htmx:response:error", putBack, {once: true});
  item.addEventListener("htmx:error", putBack, {once: true});
  move(item, to.dataset.lane);
}

function move(card, stage) {
  htmx.ajax("POST", card.dataset.move, {
    source: card, target: "#board", swap: "outerHTML", values: {stage, version: card.dataset.version ?? ""},
  });
}

let meant = null;
const menu = document.getElementById("move");
const stages = menu?.querySelectorAll("[data-stage]") ?? [];
document.addEventListener("click", ({target}) => {
  const card = target.closest("[popovertarget=move]")?.closest("[data-card]");
  if (!card) return;
  meant = card;
  const here = card.closest("[data-lane]").dataset.lane;
  for (const one of stages) one.hidden = one.dataset.stage === here;
}, true);
for (const one of stages) one.addEventListener("click", () => {
  menu.hidePopover();
  move(meant, one.dataset.stage);
});

function over({to}) {
  for (const lane of document.querySelectorAll(".lane")) lane.toggleAttribute("data-over", lane.contains(to));
}

function wire() {
  for (const list of document.querySelectorAll("[data-lane]")) {
    if (Sortable.get(list)) continue;
    for (const link of list.querySelectorAll("a")) link.draggable = false;
    Sortable.create(list, {
      group: "board", draggable: "[data-card]", filter: "button, [popover]", preventOnFilter: false, sort: false,
      animation: still ? 0 : 120, forceFallback: true, fallbackTolerance: 4, delay: 180, delayOnTouchOnly: true,
      onMove: over, onEnd: moved,
    });
  }
}

wire();
document.addEventListener("htmx:after:swap", wire);
