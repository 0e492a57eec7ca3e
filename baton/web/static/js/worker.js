// The service worker. It keeps the page that is shown without a line and what it is drawn with (TOLD, written above by
// the server), never a page of anybody's; and what other apps share is kept here before it is sent, line or no line.
const KEPT = "baton-kept";

self.addEventListener("install", (event) => event.waitUntil(fill().then(() => self.skipWaiting())));
self.addEventListener("activate", (event) => event.waitUntil(tidy()));
self.addEventListener("message", ({data}) => { if (data === "fill") fill(); });
self.addEventListener("fetch", (event) => {
  const {request} = event;
  const {origin, pathname} = new URL(request.url);
  if (origin !== location.origin) return;
  if (request.mode === "navigate") {
    if (request.method === "POST" && pathname === TOLD.share) event.respondWith(shared(request));
    else if (request.method === "GET") event.respondWith(visit(event));
  } else if (request.method === "GET" && TOLD.files.includes(pathname)) {
    event.respondWith(inShell(request).then((kept) => kept ?? fetch(request)));
  }
});

async function fill() {
  if (await caches.has(TOLD.shell)) return;
  const files = TOLD.files.map((file) => new Request(file));
  const page = new Request(TOLD.offline, {credentials: "omit", cache: "no-store"});
  const shell = await caches.open(TOLD.shell);
  await shell.addAll([...files, page]).catch(async (error) => { await caches.delete(TOLD.shell); throw error; });
}

async function tidy() {
  for (const name of await caches.keys()) if (name.startsWith("baton-shell-") && name !== TOLD.shell) await caches.delete(name);
  await self.registration.navigationPreload?.enable();
  await self.clients.claim();
}

async function inShell(request) {
  return (await caches.has(TOLD.shell)) ? caches.match(request, {cacheName: TOLD.shell, ignoreVary: true}) : undefined;
}

async function visit(event) {
  try {
    return await event.preloadResponse ?? await fetch(event.request);
  } catch {
    return await inShell(TOLD.offline) ?? Response.error();
  }
}

// What is shared is put by whole, as the other app gave it, under a key that the server records it by once.
async function shared(request) {
  const sent = request.clone();
  try {
    const key = crypto.randomUUID();
    const headers = {"x-action": TOLD.share, "x-typed-at": new Date().toISOString(), "x-member": ""};
    const form = await request.formData();
    form.set("key", key);
    const kept = await caches.open(KEPT);
    await kept.put(`/kept/${key}`, new Response(form, {headers}));
    return Response.redirect(`${TOLD.share}?kept=${key}`, 303);
  } catch {
    return fetch(sent);
  }
}

// What must be heard of at once. It holds what its reader may see on a lock screen, and how it is answered.
self.addEventListener("push", (event) => event.waitUntil(told(event.data.json())));

function told({title, body, tag, url, actions, answer}) {
  const icon = "/app-icons/192.png";
  return self.registration.showNotification(title, {body, tag, actions, data: {url, answer}, icon, badge: icon});
}

self.addEventListener("notificationclick", (event) => {
  const {url, answer} = event.notification.data;
  const text = event.reply || event.action;
  event.notification.close();
  event.waitUntil(text && answer ? answered(event.notification, answer, text) : opened(url));
});

// An answer works once, so it may be sent again: without a line it waits with what else is kept here.
async function answered({title, tag, data}, {to, key, token, member}, text) {
  const form = new FormData();
  const typed = new Date().toISOString();
  for (const [name, value] of Object.entries({key, token, text, typed_at: typed})) form.set(name, value);
  const said = await fetch(to, {method: "POST", body: form}).catch(() => null);
  if (said?.ok) return;
  if (said && said.status < 500) {
    return self.registration.showNotification(title, {body: await said.text(), tag, data: {url: data.url}});
  }
  const headers = {"x-action": to, "x-typed-at": typed, "x-member": member};
  await (await caches.open(KEPT)).put(`/kept/${crypto.randomUUID()}`, new Response(form, {headers}));
}

async function opened(url) {
  const windows = await self.clients.matchAll({type: "window"});
  const there = windows.find((one) => new URL(one.url).pathname === url) ?? windows[0];
  if (!there) return self.clients.openWindow(url);
  await there.focus();
  return new URL(there.url).pathname === url ? undefined : there.navigate(url);
}
