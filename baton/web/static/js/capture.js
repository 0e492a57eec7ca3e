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

// The form is empty again at once: what is typed next must not be wiped by the answer to what was typed before.
form.addEventListener("submit", async (event) => {
  if (!window.caches || event.submitter?.hasAttribute("formaction")) return;
  event.preventDefault();
  const data = new FormData(form, event.submitter);
  const key = data.get("key");
  const typed = [line.value, PHOTO.files, files.files];
  form.reset();
  names();
  line.focus();
  await keep(form.action, data, member, new Date().toISOString());
  const sending = send(member, headers, key).then((answers) => answers[key] ?? null);
  const answer = await Promise.race([sending, new Promise((go) => setTimeout(go, SOON))]);
  if (answer?.ok) return location.assign(form.getAttribute("action"));
  if (answer === null) gone();
  show();
  const late = await sending;
  if (late && !late.ok) refused(key, typed, await late.text());
});

// What is refused stands in the form again, unless the next was begun; what nobody answered waits on the device.
function refused(key, [words, photos, others], why) {
  document.getElementById("notices").innerHTML = why;
  if (!line.value && !PHOTO.files.length && !files.files.length) {
    [line.value, PHOTO.files, files.files] = [words, photos, others];
    names();
    line.dispatchEvent(new Event("input", {bubbles: true}));
  }
  forget(key).then(show);
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
