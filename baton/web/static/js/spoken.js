// After a call that was dialed here: whoever comes back is asked once what was said. A link may say where it is asked
// ([data-spoken]), else its number does; nothing is asked when nobody was away for long enough to have rung. Kept on the
// device, since a phone may end an app while somebody speaks, and opens it anew.
const KEY = "baton-spoken";
const RANG = 4000;
const FORGOTTEN = 3 * 3600 * 1000;

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href^='tel:']");
  if (!link) return;
  const address = link.dataset.spoken ?? `/spoken/?number=${encodeURIComponent(link.getAttribute("href").slice(4))}`;
  localStorage.setItem(KEY, JSON.stringify({address, at: Date.now()}));
}, true);

function back() {
  const kept = JSON.parse(localStorage.getItem(KEY) ?? "null");
  if (document.hidden || !kept || Date.now() - kept.at < RANG) return;
  localStorage.removeItem(KEY);
  if (Date.now() - kept.at > FORGOTTEN) return;
  document.querySelectorAll("dialog:modal").forEach((box) => box.close());
  htmx.ajax("GET", kept.address, {target: "#dialog"});
}

document.addEventListener("visibilitychange", back);
window.addEventListener("pageshow", back);
