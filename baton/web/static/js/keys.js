// Keys. [data-key="R"] is pressed by R, "G T" by G and then T, "Mod+K" by the command key (Ctrl elsewhere) and K:
// in the open dialog, else in the open popover, the current row, and then outside all rows. A field is focused.
// Single letters rest while typing, and everywhere where <html data-keys="off">.
import {dialog, popover, usable} from "./at.js";
import {current, step} from "./rows.js";

const FIELD = "input:not([type=checkbox], [type=radio], [type=submit]), textarea, select, [contenteditable]";
const PAUSE = 1200;
let first = {key: "", at: 0};

function find(name) {
  const all = [...document.querySelectorAll(`[data-key="${CSS.escape(name)}"]`)].filter(usable);
  const inside = (box) => box && all.find((el) => box.contains(el));
  if (dialog()) return inside(dialog());
  return inside(popover()) ?? inside(current()) ?? all.find((el) => !el.closest("[data-row], dialog, [popover]"));
}

function press(el) {
  if (el.matches(FIELD)) el.focus();
  else el.click();
  return true;
}

function named(name) {
  const el = find(name);
  return el ? press(el) : false;
}

function send(from) {
  if (named("Mod+Enter")) return true;
  const form = from.closest("form") ?? dialog()?.querySelector("form");
  form?.requestSubmit();
  return Boolean(form);
}

function letter(key) {
  const pair = first.key && Date.now() - first.at < PAUSE ? `${first.key} ${key}` : "";
  first = {key: "", at: 0};
  if (pair && named(pair)) return true;
  if (named(key)) return true;
  if (!dialog() && (key === "J" || key === "K")) return step(key === "J" ? 1 : -1), true;
  if (key === "G") first = {key, at: Date.now()};
  return false;
}

function enter(from) {
  if (!from.matches("[data-row]:not(a, button)")) return false;
  const link = from.querySelector("[data-open]");
  return link ? press(link) : false;
}

document.addEventListener("keydown", (event) => {
  const {key, target} = event;
  if (event.defaultPrevented || event.isComposing || event.altKey || !key) return;
  const mod = event.metaKey || event.ctrlKey;
  const done = mod ? (key === "Enter" ? send(target) : named(`Mod+${key.toUpperCase()}`))
    : key === "Enter" ? enter(target)
    : target.matches(FIELD) ? key === "Escape" && !dialog() && (target.blur(), true)
    : key === "Escape" ? !dialog() && !popover() && named("Esc")
    : document.documentElement.dataset.keys === "off" || key.length > 1 ? false
    : letter(key.toUpperCase());
  if (done) event.preventDefault();
});
