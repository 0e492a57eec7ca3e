// The line to the server. While it is gone the page says so, and a form[data-keeps] (the quick line) is kept on this
// device with the time it was written (`typed_at`), to be recorded by the same member when the line is back; what has
// files in it by kept.js. data-keeps="always" (the page without a line, which knows nobody) is for whoever was here last,
// "first" is kept before it is sent (capture.js).
const KEPT = "baton.kept";
const AGAIN = 15_000;
const root = document.documentElement;
const kept = () => JSON.parse(localStorage.getItem(KEPT) ?? "[]");
const signedIn = "member" in document.body.dataset;
export const member = document.body.dataset.member ?? localStorage.getItem("baton.member") ?? "";
export const headers = JSON.parse(document.body.getAttribute("hx-headers:inherited"));
const mine = (entry) => entry.member === member;
let waiting = null;
let pressed = null;
if (signedIn) localStorage.setItem("baton.member", member);

/** What kept.js knows, asked only where it kept something. */
async function withFiles(task, ...told) {
  if (!(await window.caches?.has("baton-kept"))) return 0;
  return (await import("./kept.js"))[task](member, ...told);
}

export async function show() {
  const count = kept().filter(mine).length + (await withFiles("count").catch(() => 0));
  for (const chip of document.querySelectorAll("[data-kept]")) {
    chip.hidden = !count;
    chip.querySelector("[data-count]").textContent = count;
  }
}

export function gone() {
  if ("offline" in root.dataset) return;
  root.dataset.offline = "";
  const since = new Date().toTimeString().slice(0, 5);
  for (const place of document.querySelectorAll("[data-offline-since]")) place.textContent = since;
  waiting = setInterval(ask, AGAIN);
}

async function ask() {
  try { await fetch("/", {method: "HEAD", cache: "no-store"}); } catch { return; }
  back();
}

function back() {
  delete root.dataset.offline;
  clearInterval(waiting);
  if (signedIn) send();
}

async function keep(form) {
  const data = new FormData(form, pressed?.form === form ? pressed : null);
  const typed_at = new Date().toISOString();
  const fields = [...data].filter(([name, value]) => typeof value === "string" && !name.startsWith("csrf"));
  if ([...data.values()].some(({size}) => size)) {
    await (await import("./kept.js")).keep(form.action, data, member, typed_at);
  } else {
    localStorage.setItem(KEPT, JSON.stringify([...kept(), {action: form.action, fields, typed_at, member}]));
  }
  form.reset();
  form.closest("dialog")?.close();
  show();
}

// A line that is kept or recorded makes room for the next one, which has a key of its own.
function renew(form) {
  form.elements.key.value = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  form.querySelector("#quick-read, #say-read")?.replaceChildren();
}

// One that is refused for what is in it stays, and those behind it go on; who must sign in first has recorded nothing.
async function send() {
  for (const entry of kept().filter(mine)) {
    const body = new URLSearchParams([...entry.fields, ["typed_at", entry.typed_at]]);
    const answer = await fetch(entry.action, {method: "POST", body, headers}).catch(() => null);
    if (!answer) gone();
    if (answer?.status === 422) continue;
    if (!answer?.ok || answer.url.includes("/account/")) break;
    localStorage.setItem(KEPT, JSON.stringify(kept().filter(({typed_at}) => typed_at !== entry.typed_at)));
  }
  await withFiles("send", headers).catch(() => {});
  show();
}

document.addEventListener("submit", (event) => {
  pressed = event.submitter;
  if (!event.target.matches(navigator.onLine ? "[data-keeps=always]" : "[data-keeps]:not([data-keeps=first])")) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  keep(event.target);
}, true);
document.addEventListener("reset", ({target}) => { if (target.matches("[data-keeps]")) renew(target); });
document.addEventListener("baton:close", () => document.querySelector("#capture[open] form")?.reset());
document.addEventListener("htmx:before:request", (event) => { if (!navigator.onLine) event.preventDefault(); });
document.addEventListener("htmx:error", ({detail: {ctx, error}}) => {
  if (!(error instanceof TypeError) || !ctx || ctx.response) return;
  gone();
  if (ctx.sourceElement.matches("form[data-keeps]")) keep(ctx.sourceElement);
});
addEventListener("offline", gone);
addEventListener("baton:unheard", gone); // by kept.js: so it is tried again after a while
addEventListener("online", back);
if (!navigator.onLine) gone();
else if (signedIn) send();
show();
