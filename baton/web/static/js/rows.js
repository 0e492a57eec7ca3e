// Lists that can be walked: [data-row]. One row is current; what its keys do, they do there. When a row is settled
// and leaves, the next one is current and has the focus.
import {dialog, usable} from "./at.js";

export const rows = () => [...document.querySelectorAll("main [data-row]")].filter(usable);
export const current = () => document.querySelector("main [data-row][aria-current]");

function mark(row) {
  for (const other of document.querySelectorAll("main [data-row][aria-current]")) {
    if (other !== row) other.removeAttribute("aria-current");
  }
  if (row && !row.hasAttribute("aria-current")) row.setAttribute("aria-current", "true");
}

export function step(by) {
  const all = rows();
  const at = all.indexOf(current());
  const touched = document.activeElement?.closest("[data-row]");
  go(all[touched || at > 0 ? Math.min(all.length - 1, Math.max(0, at + by)) : 0]);
}

function go(row) {
  if (!row) return;
  mark(row);
  if (!row.matches("a, button, [tabindex]")) row.tabIndex = -1;
  row.focus({preventScroll: true});
  row.scrollIntoView({block: "nearest"});
}

document.addEventListener("focusin", ({target}) => {
  const row = target.closest("main [data-row]");
  if (row) mark(row);
});

let left = null;
document.addEventListener("htmx:before:swap", ({detail}) => {
  const from = detail.ctx.sourceElement;
  const row = from.closest("[data-row]") ?? (from.closest("dialog, [popover]") && current());
  left = row && {row, at: rows().indexOf(row)};
});
document.addEventListener("htmx:after:swap", () => {
  if (!left || dialog()) return;
  const {row, at} = left;
  left = null;
  const same = row.isConnected ? row : row.id && document.getElementById(row.id);
  if (same && !("done" in same.dataset)) {
    if (same !== row || document.activeElement === document.body) go(same);
    return;
  }
  const all = rows();
  go(all.slice(at).find((next) => !("done" in next.dataset)) ?? all.at(-1));
});

if (!current()) mark(rows()[0]);
