// Files and folders let go of anywhere on the page are those of its form[data-drop], which is sent at once; a spreadsheet
// goes to the address in data-sheets, where the form has one.
const SHEET = /\.(xlsx|xlsm|xls|ods|csv|tsv)$/i;
const form = document.querySelector("form[data-drop]");
const input = form.querySelector("input[type=file]");

async function filesOf(entry) {
  if (entry.isFile) return [await new Promise((done, failed) => entry.file(done, failed))];
  const reader = entry.createReader();
  const found = [];
  for (let some; (some = await new Promise((done, failed) => reader.readEntries(done, failed))).length;) {
    for (const inner of some) found.push(...await filesOf(inner));
  }
  return found;
}

async function dropped(transfer) {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry()).filter(Boolean);
  if (!entries.some((entry) => entry.isDirectory)) return [...transfer.files];
  return (await Promise.all(entries.map(filesOf))).flat();
}

function over(on) {
  form.toggleAttribute("data-over", on);
}

document.addEventListener("dragover", (event) => { event.preventDefault(); over(true); });
document.addEventListener("dragleave", (event) => { if (!event.relatedTarget) over(false); });
document.addEventListener("drop", async (event) => {
  event.preventDefault();
  over(false);
  const kept = new DataTransfer();
  for (const file of await dropped(event.dataTransfer)) kept.items.add(file);
  if (!kept.files.length) return;
  input.files = kept.files;
  if (form.dataset.sheets && kept.files.length === 1 && SHEET.test(kept.files[0].name)) {
    form.action = form.dataset.sheets;
    input.name = "file";
  }
  form.requestSubmit();
});
