// What waits on this device with files in it: each a whole form in a cache of its own, in the order in which it was
// kept. `member` is who typed it; nobody ("") for what another app shared, which is whoever's who opens it.
const KEPT = "baton-kept";

export async function keep(action, form, member, typedAt) {
  form.delete("csrfmiddlewaretoken");
  await put(form.get("key"), form, {"x-action": action, "x-member": member, "x-typed-at": typedAt});
}

async function put(key, form, headers) {
  await (await caches.open(KEPT)).put(`/kept/${key}`, new Response(form, {headers}));
}

/** How many wait for this member; for nobody in particular where the member is "". */
export async function count(member) {
  return (await entries(member)).length;
}

async function entries(member) {
  if (!(await caches.has(KEPT))) return [];
  const cache = await caches.open(KEPT);
  const all = await Promise.all((await cache.keys()).map(async (at) => ({at, kept: await cache.match(at)})));
  return all.filter(({kept}) => kept && kept.headers.get("x-member") === member);
}

/**
 * Send what waits, or what has one key, oldest first; what was let in leaves the device. What was refused before is tried
 * only where somebody asks (`again`). Returns the answers by key.
 */
export async function send(member, headers, only = "", again = false) {
  const answers = {};
  for (const {at, kept} of await entries(member)) {
    const key = new URL(at.url).pathname.split("/").pop();
    if (only ? key !== only : kept.headers.has("x-refused") && !again) continue;
    const form = await kept.formData();
    form.set("typed_at", kept.headers.get("x-typed-at"));
    const told = {...headers, "HX-Request": "true"}; // so that a refusal comes as a sentence, and where to go on as a header
    const answer = await fetch(kept.headers.get("x-action"), {method: "POST", body: form, headers: told}).catch(() => null);
    if (!answer) dispatchEvent(new Event("baton:unheard"));
    if (!answer || answer.status >= 500 || answer.status === 401) break;
    answers[key] = answer;
    if (answer.ok) await forget(key);
    else await put(key, form, {...ours(kept), "x-refused": String(answer.status)});
  }
  return answers;
}

// Without the type of the form, which names a boundary that the next one doesn't have.
const ours = (kept) => Object.fromEntries([...kept.headers].filter(([name]) => name.startsWith("x-")));

/**
 * Let one go: it was recorded, or somebody says that it needn't be. The cache stays, empty as it may be: what another page
 * or the worker is just putting into it would go with it.
 */
export async function forget(key) {
  await (await caches.open(KEPT)).delete(`/kept/${key}`);
}
