// The page without a line: it goes by itself once the server answers, and says whether something shared is kept.
import {count} from "./kept.js";

const AGAIN = 3_000;
const asked = new URLSearchParams(location.search).get("kept");

function again() {
  fetch("/offline/", {method: "HEAD", cache: "no-store"}).then(() => location.reload(), () => {});
}

if (asked && window.caches) count("").then((waiting) => { document.getElementById("shared").hidden = !waiting; });
document.getElementById("again").addEventListener("click", again);
addEventListener("online", again);
setInterval(() => { if (!document.getElementById("quick-line").value) again(); }, AGAIN); // what is being typed stays
