// After a call that was dialed here: whoever comes back is asked once what was said. A link may say where it is asked
// ([data-spoken]), else its number does; nothing is asked when nobody was away for long enough to have rung.
const KEY = "baton-spoken";
const RANG = 4000;
const FORGOTTEN = 3 * 3600 * 1000;

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href^='tel:']");
  if (!link) return;
  const address = link.dataset.spoken ?? `/spoken/?number=${encodeURIComponent(link.getAttribute("href").slice(4))}`;
  sessionStorage.setItem(KEY, JSON.stringify({address, at: Date.now()}));
}, true);

function back() {
  const kept = JSON.parse(sessionStorage.getItem(KEY) ?? "null");
  if (document.hidden || !kept || Date.now() - kept.at < RANG) return;
  sessionStorage.removeItem(KEY);
  if (Date.now() - kept.at > FORGOTTEN) return;
  document.querySelectorAll("dialog:modal").forEach((box) => box.close());
  htmx.ajax("GET", kept.address, {target: "#dialog"});
}

document.addEventListener("visibilitychange", back);
window.addEventListener("pageshow", back);
