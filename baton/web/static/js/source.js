// Where a value comes from: htmx fills the one #source of the page, and it stands beside the value that was asked.
import {target} from "./at.js";

const source = document.getElementById("source");
let asked = null;

document.addEventListener("htmx:after:swap", ({detail}) => {
  const from = detail.ctx.sourceElement;
  if (!source || target(detail) !== source || source.contains(from) && source.matches(":popover-open")) return;
  if (source.matches(":popover-open")) source.hidePopover();
  asked = from;
  asked.setAttribute("aria-expanded", "true");
  source.showPopover({source: asked});
  source.tabIndex = -1;
  source.focus({preventScroll: true});
});

source?.addEventListener("toggle", ({newState}) => {
  if (newState !== "closed" || !asked) return;
  asked.removeAttribute("aria-expanded");
  if (asked.isConnected && [document.body, source].includes(document.activeElement)) asked.focus();
});
