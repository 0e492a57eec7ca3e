// What every page runs. Without it everything still works by plain links and forms.
import "./dialogs.js";
import "./keys.js";
import "./line.js";
import "./look.js";
import "./notices.js";
import "./once.js";
import "./palette.js";
import "./rows.js";
import "./source.js";
import "./spoken.js";
