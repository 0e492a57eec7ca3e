// Forms that carry a passkey: made (data-passkey="create") or used ("get") when they are sent.
// The options come from a JSON element of the page (data-passkey-options) or an address (data-passkey-from).
const able = window.isSecureContext && "PublicKeyCredential" in window;

const decoded = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
const encoded = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
const credentials = (list = []) => list.map((each) => ({ ...each, id: decoded(each.id) }));

async function options(form) {
  if (form.dataset.passkeyOptions) return JSON.parse(document.getElementById(form.dataset.passkeyOptions).textContent);
  const answer = await fetch(form.dataset.passkeyFrom, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`${answer.status} at ${form.dataset.passkeyFrom}`);
  return answer.json();
}

function create({ publicKey }) {
  return navigator.credentials.create({ publicKey: {
    ...publicKey,
    challenge: decoded(publicKey.challenge),
    user: { ...publicKey.user, id: decoded(publicKey.user.id) },
    excludeCredentials: credentials(publicKey.excludeCredentials),
    authenticatorSelection: { ...publicKey.authenticatorSelection, residentKey: "required", requireResidentKey: true, userVerification: "required" },
  } });
}

function get({ publicKey }) {
  return navigator.credentials.get({ publicKey: {
    ...publicKey, challenge: decoded(publicKey.challenge), allowCredentials: credentials(publicKey.allowCredentials),
  } });
}

function plain(credential) {
  const { response } = credential;
  const parts = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"].filter((name) => response[name]);
  return {
    id: credential.id,
    rawId: encoded(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment,
    clientExtensionResults: credential.getClientExtensionResults(),
    response: Object.fromEntries(parts.map((name) => [name, encoded(response[name])])),
  };
}

function say(form, word) {
  const said = form.querySelector("[data-passkey-said]");
  said.textContent = form.querySelector(`[data-passkey-word=${word}]`).content.textContent;
  said.hidden = false;
}

async function send(form) {
  const asked = await options(form);
  const made = form.dataset.passkey === "create" ? await create(asked.creation_options) : await get(asked.request_options);
  form.elements.credential.value = JSON.stringify(plain(made));
  form.submit();
}

const REASONS = { NotAllowedError: "cancelled", AbortError: "cancelled", InvalidStateError: "known", SecurityError: "unable" };

for (const form of document.querySelectorAll("form[data-passkey]")) form.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (!able) return say(form, "unable");
  try {
    await send(form);
  } catch (why) {
    say(form, REASONS[why.name] ?? "failed");
  }
});
