// What waits on this device with files in it: each a whole form in a cache of its own kind, as old as it is in there.
// `member` is who typed it; nobody for what another app shared, which is whoever's who opens it.
const KEPT = "baton-kept";

export async function keep(action, form, member, typedAt) {
  const key = form.get("key");
  const headers = {"x-action": action, "x-member": member, "x-typed-at": typedAt};
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
  return all.filter(({kept}) => kept.headers.get("x-member") === member);
}

/** Send what waits, oldest first; what was let in leaves the device. Returns the answers, by key. */
export async function send(member, headers, only = "") {
  const answers = {};
  for (const {at, kept} of await entries(member)) {
    const form = await kept.formData();
    const key = form.get("key");
    if (only && key !== only) continue;
    form.set("typed_at", kept.headers.get("x-typed-at"));
    const told = {...headers, "HX-Request": "true"}; // so that a refusal comes as a sentence, and where to go on as a header
    const answer = await fetch(kept.headers.get("x-action"), {method: "POST", body: form, headers: told}).catch(() => null);
    if (!answer || answer.status >= 500 || answer.headers.get("HX-Redirect")?.startsWith("/account/")) break;
    answers[key] = answer;
    if (answer.ok) await (await caches.open(KEPT)).delete(at);
  }
  return answers;
}

/** Throw one away: what nobody can take stays until somebody says so. */
export async function forget(key) {
  await (await caches.open(KEPT)).delete(`/kept/${key}`);
}
