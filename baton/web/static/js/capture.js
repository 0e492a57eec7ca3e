// Capture on a phone. What is typed, a photo, a voice note: kept on the device first and then sent, so that a lost line
// loses nothing, and a lost answer doubles nothing.
import "./app.js";
import {count, forget, keep, send} from "./kept.js";
import {gone, headers, member, show} from "./line.js";

const form = document.querySelector("form[data-keeps=first]");
const [line, files, chosen, voice, shared] = ["quick-line", "quick-file", "chosen", "voice", "shared-waits"].map((id) => document.getElementById(id));
const PHOTO = document.getElementById("quick-photo");
const SOON = 5_000; // longer than this nobody waits to type the next line
let recorder = null;

form.addEventListener("submit", async (event) => {
  if (!window.caches || event.submitter?.hasAttribute("formaction")) return;
  event.preventDefault();
  const data = new FormData(form, event.submitter);
  const key = data.get("key");
  await keep(form.action, data, member, new Date().toISOString());
  const sending = send(member, headers, key).then((answers) => answers[key] ?? null);
  answered(key, await Promise.race([sending, new Promise((go) => setTimeout(go, SOON))]));
});

// What is refused stands in the form still; what nobody answered (yet) waits on the device, and the next may be typed.
async function answered(key, answer) {
  if (answer?.ok) return location.assign(form.getAttribute("action"));
  if (answer) {
    document.getElementById("notices").innerHTML = await answer.text();
    return forget(key);
  }
  if (answer === null) gone();
  form.reset();
  names();
  line.focus();
  show();
}

function names() {
  const all = [...PHOTO.files, ...files.files];
  chosen.textContent = all.map(({name}) => name).join(", ");
}

function add(file) {
  const picked = new DataTransfer();
  for (const one of [...files.files, file]) picked.items.add(one);
  files.files = picked.files;
  names();
}

async function record() {
  const stream = await navigator.mediaDevices.getUserMedia({audio: true}).catch(() => null);
  if (!stream) return document.getElementById("quick-voice").click();
  const heard = [];
  recorder = new MediaRecorder(stream);
  recorder.addEventListener("dataavailable", ({data}) => heard.push(data));
  recorder.addEventListener("stop", () => {
    const type = recorder.mimeType.split(";")[0];
    const at = new Date().toISOString().slice(0, 16).replace(":", ".");
    add(new File(heard, `${voice.dataset.name} ${at}.${type.split("/")[1] === "mp4" ? "m4a" : type.split("/")[1]}`, {type}));
    stream.getTracks().forEach((track) => track.stop());
    recorder = null;
    say();
  });
  recorder.start();
  say();
}

function say() {
  voice.setAttribute("aria-pressed", Boolean(recorder));
  voice.querySelector("span").textContent = recorder ? voice.dataset.stop : voice.dataset.start;
}

if (window.MediaRecorder && navigator.mediaDevices) {
  voice.hidden = false;
  for (const plain of document.querySelectorAll("[for=quick-voice], #quick-voice")) plain.hidden = true;
  voice.addEventListener("click", () => recorder ? recorder.stop() : record());
}
document.getElementById("quick-voice").addEventListener("change", ({target}) => { if (target.files[0]) add(target.files[0]); target.value = ""; });
form.querySelector("[formaction]").hidden = true; // it is read while it is typed
for (const input of [PHOTO, files]) input.addEventListener("change", names);
if (window.caches) count("").then((waiting) => { shared.hidden = !waiting; });
