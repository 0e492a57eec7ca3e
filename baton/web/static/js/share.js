// What the phone kept of a share goes to the server as soon as the page is there; then the page shows what became of it.
// Whatever else waits on this device, and why, is settled here too.
import {count, forget, send} from "./kept.js";
import {headers, member, show} from "./line.js";

const said = document.getElementById("share");
const [again, away] = ["share-again", "share-away"].map((id) => document.getElementById(id));

async function record(asked) {
  const answers = Object.entries({...await send("", headers, asked, true), ...(asked ? {} : await send(member, headers, "", true))});
  const refused = answers.filter(([, answer]) => !answer.ok);
  for (const [, answer] of refused) document.getElementById("notices").innerHTML = await answer.text();
  const where = answers.at(-1)?.[1].headers.get("HX-Redirect");
  if (where && !refused.length) return location.replace(where);
  if (refused.length) said.textContent = said.dataset.refused;
  else if (answers.length || !(await waiting())) said.textContent = said.dataset.nothing;
  away.hidden = !refused.length;
  away.onclick = () => Promise.all(refused.map(([key]) => forget(key))).then(() => location.assign("/"));
  show();
}

const waiting = async () => (await count("")) + (await count(member));

if (window.caches) {
  again.onclick = () => record("");
  if (said.dataset.asked) record(said.dataset.asked);
  else waiting().then((there) => { again.hidden = !there; });
}
