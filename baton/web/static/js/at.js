// Where things are: what htmx swapped, what is open, what can be seen.

/** The element an htmx answer goes to; a header may have named it by selector. */
export const target = ({ctx}) => typeof ctx.target === "string" ? document.querySelector(ctx.target) : ctx.target;

/** The dialog on top, if one is open. */
export const dialog = () => [...document.querySelectorAll("dialog:modal")].at(-1);

/** The popover that is open, if one is. */
export const popover = () => [...document.querySelectorAll("[popover]:popover-open")].at(-1);

/** Whether a person could press it. */
export const usable = (el) => !el.disabled && ("anywhere" in el.dataset || el.checkVisibility({visibilityProperty: true}));

/** Whether a click means "here" and not "in a new tab". */
export const plain = (event) => !(event.metaKey || event.ctrlKey || event.shiftKey || event.button);
