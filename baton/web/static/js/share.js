// What the phone kept of a share goes to the server as soon as the page is there; then the page shows what became of it.
import {count, forget, send} from "./kept.js";

const said = document.getElementById("share");
const [again, away] = ["share-again", "share-away"].map((id) => document.getElementById(id));
const headers = JSON.parse(document.body.getAttribute("hx-headers:inherited"));

async function record(only) {
  const answers = Object.entries(await send("", headers, only));
  for (const [key, answer] of answers) if (!answer.ok) refused(key, await answer.text());
  const where = answers.at(-1)?.[1].headers.get("HX-Redirect");
  if (where) location.replace(where);
  else if (!answers.length) said.textContent = said.dataset.nothing;
}

function refused(key, sentence) {
  document.getElementById("notices").innerHTML = sentence;
  said.textContent = said.dataset.refused;
  away.hidden = false;
  away.onclick = () => forget(key).then(() => location.assign("/"));
}

if (window.caches) {
  again.onclick = () => record("");
  if (said.dataset.asked) record(said.dataset.asked);
  else count("").then((waiting) => { again.hidden = !waiting; });
}
