// What Baton refuses or couldn't do is said where the person is looking: in the open dialog or popover, else under the
// head of the page. The server names #notices; nothing that was typed is touched.
document.addEventListener("htmx:before:swap", ({detail: {ctx, tasks}}) => {
  if (ctx.hx?.retarget !== "#notices") return;
  const box = ctx.sourceElement.closest("dialog[open], [popover]:popover-open");
  const task = tasks.find(({type}) => type === "main");
  if (task) task.target = box ? inside(box) : document.getElementById("notices");
});

document.addEventListener("htmx:after:swap", ({detail: {ctx}}) => {
  if (ctx.hx?.retarget !== "#notices") return;
  see(ctx.sourceElement.closest("form"));
  goOn(document.querySelector(".notice[data-token]")?.dataset.token);
});

// Who has read what was changed meanwhile saves over it: the form beside the notice now says that it has been seen.
function see(form) {
  const seen = form?.elements.namedItem("version");
  const said = (form?.closest("dialog, [popover]") ?? document).querySelector(".notice[data-version]");
  if (seen && said) seen.value = said.dataset.version;
}

// A page that stood open while somebody signed in anew goes on with the token that came with the refusal.
function goOn(token) {
  if (!token) return;
  document.body.setAttribute("hx-headers:inherited", JSON.stringify({"X-CSRFToken": token}));
  for (const field of document.getElementsByName("csrfmiddlewaretoken")) field.value = token;
}

function inside(box) {
  const body = box.querySelector(".dialog-body") ?? box;
  let holder = body.querySelector(":scope > [data-notices]");
  if (!holder) {
    holder = document.createElement("div");
    holder.dataset.notices = "";
    holder.setAttribute("role", "status");
    body.prepend(holder);
  }
  return holder;
}

document.addEventListener("htmx:before:request", () => {
  for (const holder of document.querySelectorAll("[data-notices]")) holder.replaceChildren();
});
