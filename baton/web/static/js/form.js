// For websites: sends a form of Baton without leaving the page, with where the visitor came from. No cookie, nothing kept.
// Without this script the same form posts as plain HTML.
for (const form of document.querySelectorAll("form[data-baton]")) {
  const put = (name, value) => {
    if (!value) return;
    const input = form.elements[name] || form.appendChild(Object.assign(document.createElement("input"), { type: "hidden", name }));
    input.value = value;
  };
  const ask = (options) => fetch(form.action, { headers: { Accept: "application/json" }, credentials: "omit", ...options });
  const say = (text) => {
    let line = form.querySelector("[role=status]");
    if (!line) form.append((line = Object.assign(document.createElement("p"), { role: "status" })));
    line.setAttribute("role", "status");
    line.textContent = text;
  };
  put("page", location.href.slice(0, 1000));
  put("referrer", document.referrer.slice(0, 1000));
  for (const [name, value] of new URLSearchParams(location.search)) if (name.startsWith("utm_")) put(name, value.slice(0, 100));
  form.addEventListener("focusin", () => ask().then((answer) => answer.json()).then((told) => put("key", told.key)).catch(() => {}), { once: true });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    let told;
    try {
      told = await (await ask({ method: "POST", body: new URLSearchParams(new FormData(form)) })).json();
    } catch {
      return form.submit(); // without an answer that can be read, the browser posts it itself
    }
    if (told.said) form.reset();
    say(told.said || Object.values(told.errors).join(" "));
  });
}
