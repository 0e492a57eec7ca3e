// After a call that was dialed here: whoever comes back is asked once what was said. A link says where it is asked
// ([data-spoken]); nothing is asked when the phone was never left for long enough to have rung.
const KEY = "baton-spoken";
const RANG = 4000;
const FORGOTTEN = 3 * 3600 * 1000;

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href^='tel:'][data-spoken]");
  if (link) sessionStorage.setItem(KEY, JSON.stringify({address: link.dataset.spoken, at: Date.now()}));
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
