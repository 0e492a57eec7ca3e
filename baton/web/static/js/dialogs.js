// Dialogs. [data-dialog=ID] opens one that is in the page; an htmx answer into a <dialog> opens that one;
// [data-close] and the event baton:close (a server sends it as HX-Trigger) close. The focus goes back to what opened it,
// or into what took the place of the small part around that.
import {dialog, plain, popover, target} from "./at.js";

const LARGE = "[data-row], h1"; // what holds these is no small part: rows.js knows which row is next
const openers = new WeakMap();

export function open(box, opener) {
  if (!box || box.open) return;
  popover()?.hidePopover();
  openers.set(box, {opener, around: opener?.closest("[id]")?.id});
  const deal = box.querySelector("[name=deal][data-own]");
  if (deal) deal.value = opener?.dataset.deal ?? deal.dataset.own;
  box.showModal();
  for (const part of [box, ...box.querySelectorAll(".dialog-body")]) part.scrollTop = 0; // what is asked stands above what has the focus
}

export function close() {
  const box = dialog();
  if (!box) return popover()?.hidePopover();
  box.close();
  handBack(box);
}

// Chromium leaves the focus for a while in a field that can't be seen any more, and the next key would be typed there.
function handBack(box) {
  const at = document.activeElement;
  if (at !== document.body && !box.contains(at)) return;
  const {opener, around} = openers.get(box) ?? {};
  const part = document.getElementById(around);
  const there = opener?.isConnected ? opener : !part?.querySelector(LARGE) && part?.querySelector("a[href], button");
  if (there && there.checkVisibility()) there.focus();
  else at.blur();
}

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog]");
  if (opener && plain(event)) {
    event.preventDefault();
    if ("close" in opener.dataset) close();
    open(document.getElementById(opener.dataset.dialog), opener);
  } else if (event.target.closest("[data-close]")) {
    close();
  }
});

document.addEventListener("close", ({target: box}) => handBack(box), true);

document.addEventListener("htmx:after:swap", ({detail}) => {
  const box = target(detail);
  if (box?.tagName === "DIALOG") open(box, detail.ctx.sourceElement);
});
document.addEventListener("baton:close", close);
