// Find or do: arrows walk what was found, and what this page can do stands below it.
import {usable} from "./at.js";
import {current} from "./rows.js";

const palette = document.getElementById("palette");
const input = palette?.querySelector("input");
const doable = document.getElementById("doable");

function offers() {
  const row = current();
  return [...document.querySelectorAll("[data-key]")].filter((el) =>
    usable(el) && !el.closest("dialog") && (!el.closest("[data-row]") || row?.contains(el)));
}

function words(el) {
  const copy = el.cloneNode(true);
  for (const extra of copy.querySelectorAll("kbd, .count, svg")) extra.remove();
  return (el.getAttribute("aria-label") ?? copy.textContent).trim().replace(/\s+/g, " ");
}

function offer() {
  const typed = input.value.trim().toLowerCase();
  doable.replaceChildren(...offers().filter((el) => words(el).toLowerCase().includes(typed)).map((el) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "nav-item";
    button.append(words(el), el.querySelector("kbd")?.cloneNode(true) ?? "");
    button.addEventListener("click", () => { palette.close(); el.click(); });
    const item = document.createElement("li");
    item.append(button);
    return item;
  }));
}

// Before it opens, not after: the event that tells of it comes when quick fingers have typed the first letters.
palette?.addEventListener("beforetoggle", ({newState}) => {
  if (newState !== "open") return;
  input.value = "";
  document.getElementById("found").replaceChildren();
  offer();
});
input?.addEventListener("input", offer);
palette?.addEventListener("keydown", (event) => {
  const by = {ArrowDown: 1, ArrowUp: -1}[event.key];
  const all = [...palette.querySelectorAll("#found a, #doable button")].filter(usable);
  if (by) {
    event.preventDefault();
    const at = all.indexOf(document.activeElement) + by;
    (at < 0 ? input : all[Math.min(at, all.length - 1)])?.focus();
  } else if (event.key === "Enter" && event.target === input && all[0]) {
    event.preventDefault();
    all[0].click();
  } else if (event.key.length === 1 && event.target !== input && !event.ctrlKey && !event.metaKey) {
    input.focus();
  }
});
