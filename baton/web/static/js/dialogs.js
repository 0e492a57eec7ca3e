// Dialogs. [data-dialog=ID] opens one that is in the page; an htmx answer into a <dialog> opens that one;
// [data-close] and the event baton:close (a server sends it as HX-Trigger) close. The focus goes back to what opened it, or
// to what took its place.
import {dialog, plain, popover, target} from "./at.js";

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
  if (box) box.close();
  else popover()?.hidePopover();
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

// Chromium leaves the focus for a while in the field that can't be seen any more, and a key would be typed there.
document.addEventListener("close", ({target: box}) => {
  const {opener, around} = openers.get(box) ?? {};
  const there = opener?.isConnected ? opener : document.getElementById(around)?.querySelector("a[href], button");
  if (there?.checkVisibility()) there.focus();
  else if (box.contains(document.activeElement)) document.activeElement.blur();
}, true);

document.addEventListener("htmx:after:swap", ({detail}) => {
  const box = target(detail);
  if (box?.tagName === "DIALOG") open(box, detail.ctx.sourceElement);
});
document.addEventListener("baton:close", close);
