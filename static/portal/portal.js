// Every page works without this. It only saves people a wait, a double click or a lost line.
import { keepClocks } from "./clock.js";
import { guardTwice } from "./once.js";
import { watchLost, watchUnsaved } from "./lost.js";
import { autosave } from "./autosave.js";
import { openMenus, makeTabs, nameFiles, focusErrors } from "./controls.js";

const words = document.querySelector("[data-words]")?.dataset ?? {};
guardTwice();
watchLost();
watchUnsaved();
autosave(words);
keepClocks(words);
openMenus();
nameFiles();
focusErrors();
makeTabs(document);
document.addEventListener("htmx:load", (event) => makeTabs(event.detail.elt));
