// A form is on its way once: pressing again before the answer is there sends nothing a second time.
const PATIENCE = 10_000; // an answer that never comes must not lock its form
let sent = new WeakMap();

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  if (Date.now() - (sent.get(form) ?? 0) < PATIENCE) {
    event.preventDefault();
    event.stopImmediatePropagation();
  } else {
    sent.set(form, Date.now());
  }
}, true);
document.addEventListener("htmx:finally:request", ({detail: {ctx}}) => {
  if (!ctx.hx?.redirect) sent.delete(ctx.sourceElement.closest("form"));
});
document.addEventListener("reset", ({target}) => sent.delete(target));
addEventListener("pageshow", () => { sent = new WeakMap(); });
