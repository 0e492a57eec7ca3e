// Numbers beside the lines of a text area, and links that lead to a line. Without it the text area works as it is.

const area = document.querySelector("[data-editor]");
const lines = document.querySelector("[data-lines]");

function number() {
  const count = area.value.split("\n").length;
  if (lines.childElementCount === count) return;
  lines.replaceChildren(
    ...Array.from({ length: count }, (_, at) => {
      const line = document.createElement("span");
      line.textContent = `${at + 1}\n`;
      return line;
    }),
  );
  mark();
}

function mark() {
  const wrong = new Set([...document.querySelectorAll("[data-line]")].map((link) => Number(link.dataset.line)));
  [...lines.children].forEach((line, at) => line.toggleAttribute("data-wrong", wrong.has(at + 1)));
}

function follow() {
  lines.scrollTop = area.scrollTop;
}

function goTo(line) {
  const rows = area.value.split("\n");
  const start = rows.slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
  area.focus();
  area.setSelectionRange(start, start + (rows[line - 1] ?? "").length);
  area.scrollTop = (line - 6) * (area.scrollHeight / rows.length);
  area.scrollLeft = 0;
}

if (area && lines) {
  area.addEventListener("input", number);
  area.addEventListener("scroll", follow);
  document.addEventListener("htmx:after:swap", mark);
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("[data-line]");
    if (!link) return;
    event.preventDefault();
    goTo(Number(link.dataset.line));
  });
  number();
  const [, line] = /^#line-(\d+)$/.exec(location.hash) ?? [];
  if (line) goTo(Number(line));
}
