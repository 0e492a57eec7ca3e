// Offers the time zone of this device where none was chosen yet.

const zone = document.querySelector("#id_zone");
const here = Intl.DateTimeFormat().resolvedOptions().timeZone;

if (zone && zone.value === "UTC" && [...zone.options].some((option) => option.value === here)) zone.value = here;
