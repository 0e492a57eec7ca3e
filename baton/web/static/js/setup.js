// Offers the time zone of this device where none was chosen yet.

const zone = document.querySelector("#id_zone");
const here = Intl.DateTimeFormat().resolvedOptions().timeZone;

const offered = !zone?.options || [...zone.options].some((option) => option.value === here);

if (zone && zone.value === "UTC" && offered) zone.value = here;
