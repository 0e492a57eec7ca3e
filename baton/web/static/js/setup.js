// Offers the time zone of this device where none was chosen yet, and asks for the owner's name only where it is
// somebody else.

const zone = document.querySelector("#id_zone");
const here = Intl.DateTimeFormat().resolvedOptions().timeZone;

const offered = !zone?.options || [...zone.options].some((option) => option.value === here);

if (zone && zone.value === "UTC" && offered) zone.value = here;

const other = document.querySelector("[data-when-other]");

function asked() {
  other.hidden = !other.closest("form").querySelector("[name=whose][value=other]").checked;
}

if (other) {
  other.closest("form").addEventListener("change", asked);
  asked();
}
