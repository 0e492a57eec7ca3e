// Editing on the drawing (#editing). A part of it ([data-on]) is walked with the arrow keys, renamed with F2 (or Enter
// once it is chosen), moved with Alt and the arrow keys, taken out with Delete; a stage ([data-stage]) is dragged to
// another place or desk, a row of a [data-list] up or down, an item of a packet ([data-item] in [data-packet]) to another place or handoff. All of it
// posts what the forms beside the drawing post, and each answer takes the place of #editing.
const FIELD = "input, textarea, select, [contenteditable]";
const NEAR = 5;
const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
const sheet = () => document.getElementById("editing");
const part = (from) => from.closest?.("[data-on]");
const parts = () => [...sheet().querySelectorAll("svg [data-on]")].filter((each) => each.checkVisibility());
const middle = (el) => {
  const box = el.getBoundingClientRect();
  return {x: box.x + box.width / 2, y: box.y + box.height / 2};
};

function post(address, values, source = sheet()) {
  const {version, basedOn} = sheet().dataset;
  return htmx.ajax("POST", address, {source, target: "#editing", swap: "outerMorph", values: {...values, version, based_on: basedOn}});
}

// Another window was quicker: who has read it does it once more over that.
document.addEventListener("htmx:after:swap", ({detail: {ctx}}) => {
  const said = document.querySelector("#notices .notice[data-version]");
  if (ctx.hx?.retarget !== "#notices" || !said) return;
  sheet().dataset.version = said.dataset.version;
  for (const seen of document.querySelectorAll("[name=version]")) seen.value = said.dataset.version;
});

// The keyboard

const WAYS = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1]};

function walk(from, [x, y]) {
  const here = middle(from);
  const far = (each) => {
    const there = middle(each);
    const along = (there.x - here.x) * x + (there.y - here.y) * y;
    const aside = Math.abs((there.x - here.x) * y) + Math.abs((there.y - here.y) * x);
    return along > NEAR ? along + 2 * aside : Infinity;
  };
  const [next] = parts().filter((each) => each !== from && far(each) < Infinity).sort((a, b) => far(a) - far(b));
  next?.focus();
}

function desks() {
  return [...sheet().querySelectorAll("[data-lane-of]")].map((lane) => lane.dataset.laneOf);
}

function laneAt(y) {
  return [...sheet().querySelectorAll("[data-lane-of]")].find((lane) => {
    const box = lane.getBoundingClientRect();
    return y >= box.top && y < box.bottom;
  });
}

function shift(what, key) {
  if (!("stage" in what.dataset)) {
    const back = key === "ArrowUp" || key === "ArrowLeft";
    return post(what.dataset.placeAt, {step: back ? "-1" : "1"}, what);
  }
  const [x, y] = WAYS[key];
  if (x) return post(what.dataset.placeAt, {step: x * ("leftward" in what.dataset ? -1 : 1) < 0 ? "-1" : "1"}, what);
  const all = desks();
  const desk = all[all.indexOf(laneAt(middle(what).y)?.dataset.laneOf) + y];
  if (desk) post(what.dataset.placeAt, {desk, before: after(what.dataset.stage)}, what);
}

const stages = () => [...sheet().querySelectorAll("[data-stage]")].map((each) => each.dataset.stage);
const after = (stage) => stages()[stages().indexOf(stage) + 1] ?? "";

document.addEventListener("keydown", (event) => {
  const {key, target} = event;
  const mod = event.metaKey || event.ctrlKey;
  if (event.isComposing || !sheet() || target.matches?.(FIELD)) return;
  if (mod && /^[zy]$/i.test(key)) {
    event.preventDefault();
    sheet().querySelector(key.toLowerCase() === "y" || event.shiftKey ? "[data-redo]" : "[data-undo]")?.click();
    return;
  }
  const what = part(target);
  if (!what || mod) return;
  const chosen = what.hasAttribute("aria-current");
  if (key === "F2" || (key === "Enter" && chosen)) rename(what);
  else if (key in WAYS && event.altKey) shift(what, key);
  else if (key in WAYS && what.closest("svg")) walk(what, WAYS[key]);
  else if (key === "Delete") chosen ? sheet().querySelector("[data-remove]")?.click() : what.dispatchEvent(new MouseEvent("click", {bubbles: true, cancelable: true}));
  else return;
  event.preventDefault();
  event.stopPropagation();
}, true);

function rename(what) {
  const box = what.getBoundingClientRect();
  const input = document.createElement("input");
  input.className = "input";
  input.value = what.dataset.called;
  input.setAttribute("aria-label", what.dataset.called);
  Object.assign(input.style, {position: "fixed", left: `${box.left}px`, top: `${box.top}px`, width: `${Math.max(box.width, 180)}px`, zIndex: 5});
  let done = false;
  const end = (keep) => {
    if (done) return;
    done = true;
    const name = input.value.trim();
    input.remove();
    what.focus();
    if (keep && name && name !== what.dataset.called) post(what.dataset.nameAt, {name}, what);
  };
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    end(event.key === "Enter");
  });
  input.addEventListener("blur", () => end(true));
  document.body.append(input);
  input.select();
}

// Dragging a stage to another place or desk, a handoff to the desk that accepts it, a desk to another lane

let drag = null;
let letGo = false;

document.addEventListener("click", (event) => {
  if (letGo) event.preventDefault(), event.stopPropagation();
}, true);
document.addEventListener("pointerdown", (event) => {
  const node = event.target.closest?.("#editing svg [data-on]");
  if (node && event.button === 0 && event.pointerType !== "touch") drag = {node, x: event.clientX, y: event.clientY, moved: false};
});
document.addEventListener("dragstart", (event) => drag && event.preventDefault());
document.addEventListener("pointermove", (event) => {
  if (!drag) return;
  const [x, y] = [event.clientX - drag.x, event.clientY - drag.y];
  drag.moved ||= Math.hypot(x, y) > NEAR;
  if (!drag.moved) return;
  event.preventDefault();
  const scale = drag.node.ownerSVGElement.getScreenCTM().a;
  drag.node.setAttribute("transform", `translate(${x / scale} ${y / scale})`);
  drag.node.style.pointerEvents = "none";
});
document.addEventListener("pointerup", (event) => {
  const {node, moved} = drag ?? {};
  drag = null;
  if (!moved) return;
  letGo = true; // the click that follows means nothing
  setTimeout(() => { letGo = false; });
  node.removeAttribute("transform");
  node.style.pointerEvents = "";
  const desk = laneAt(event.clientY)?.dataset.laneOf;
  if (desk) over(node, desk, event);
});

function over(node, desk, event) {
  const [group, key] = node.dataset.on.split(":");
  if (group === "stages") post(node.dataset.placeAt, {desk, before: inFrontOf(node, event, desk)}, node);
  else if (group === "handoffs") post(node.dataset.placeAt, {desk}, node);
  else if (desk !== key) {
    const all = desks();
    const down = all.indexOf(desk) > all.indexOf(key);
    post(node.dataset.placeAt, {before: down ? all[all.indexOf(desk) + 1] ?? "" : desk}, node);
  }
}

/** The stage that comes next where one is let go of: read along the lane, in the direction in which its work runs. */
function inFrontOf(node, {clientX, clientY}, desk) {
  const others = [...sheet().querySelectorAll("[data-stage]")].filter((each) => each !== node && laneAt(middle(each).y)?.dataset.laneOf === desk);
  const left = stages().filter((each) => each !== node.dataset.stage);
  const [near] = others.sort((a, b) => Math.abs(middle(a).x - clientX) - Math.abs(middle(b).x - clientX));
  if (!near) {
    const before = desks().slice(0, desks().indexOf(desk));
    const last = [...sheet().querySelectorAll("[data-stage]")].filter((each) => each !== node && before.includes(laneAt(middle(each).y)?.dataset.laneOf)).at(-1);
    return last ? left[left.indexOf(last.dataset.stage) + 1] ?? "" : left[0] ?? "";
  }
  const earlier = (clientX < middle(near).x) !== ("leftward" in near.dataset);
  return earlier ? near.dataset.stage : left[left.indexOf(near.dataset.stage) + 1] ?? "";
}

// Dragging an item of a packet

function dropped({item, from, to, oldIndex, newIndex}) {
  if (from === to && oldIndex === newIndex) return;
  const before = item.nextElementSibling?.dataset.item ?? "";
  post(to.dataset.itemsAt, {item: item.dataset.item, from: from.dataset.packet, before}, to);
}

function ordered({item, oldIndex, newIndex}) {
  if (oldIndex !== newIndex) post(item.dataset.placeAt, {before: item.nextElementSibling?.dataset.keyOf ?? ""}, item);
}

function wire() {
  for (const list of document.querySelectorAll("[data-list]")) {
    if (Sortable.get(list)) continue;
    for (const link of list.querySelectorAll("a")) link.draggable = false;
    Sortable.create(list, {
      draggable: "li", animation: still ? 0 : 120, forceFallback: true, fallbackTolerance: 4, delay: 180, delayOnTouchOnly: true, onEnd: ordered,
    });
  }
  for (const list of document.querySelectorAll("[data-packet]")) {
    if (Sortable.get(list)) continue;
    for (const link of list.querySelectorAll("a")) link.draggable = false;
    Sortable.create(list, {
      group: list.closest(".board") ? "packets" : "own", draggable: "[data-item]", filter: "button", preventOnFilter: false,
      animation: still ? 0 : 120, forceFallback: true, fallbackTolerance: 4, delay: 180, delayOnTouchOnly: true, onEnd: dropped,
    });
  }
}

// After each answer: the focus stays with the part that had it, or goes to the name of what is new.

let held = "";
let sought = false;
document.addEventListener("click", ({target}) => { sought = Boolean(target.closest?.("#editing a[hx-get]")); }, true);
document.addEventListener("htmx:before:swap", () => { held = part(document.activeElement ?? document.body)?.dataset.on ?? ""; });
document.addEventListener("htmx:after:swap", () => {
  if (!sheet()) return;
  wire();
  const fresh = sheet().querySelector("[data-focus]");
  if (fresh) {
    fresh.removeAttribute("data-focus");
    fresh.focus();
    fresh.select();
  } else if (sought && matchMedia("(max-width: 56rem)").matches) {
    document.getElementById("chosen").focus();
    document.getElementById("chosen").scrollIntoView();
  } else if (held && !document.activeElement?.matches("dialog *, input, textarea, select")) {
    sheet().querySelector(`svg [data-on="${CSS.escape(held)}"]`)?.focus({preventScroll: true});
  }
});

// A behavior is read back in words while its form changes.
document.addEventListener("change", ({target}) => {
  const form = target.closest("form[data-sentence]");
  if (!form) return;
  const values = Object.fromEntries([...new FormData(form)].filter(([name]) => name !== "csrfmiddlewaretoken"));
  htmx.ajax("POST", form.dataset.sentence, {source: form, target: "#sentence", swap: "outerHTML", values});
});

wire();
