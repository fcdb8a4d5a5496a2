// Every page works without this. It only saves people a wait, a double click or a lost line.
import { autosave, guardTwice, showUploads, watchLost, watchUnsaved } from "./forms.js";
import { focusErrors, keepClocks, makeTabs, nameFiles, openDialogs, openMenus } from "./controls.js";

const words = document.querySelector("[data-words]")?.dataset ?? {};
guardTwice();
showUploads(words);
watchLost();
watchUnsaved();
autosave(words);
keepClocks(words);
openMenus();
openDialogs();
nameFiles();
focusErrors();
makeTabs(document);
document.querySelector("form[data-go]")?.requestSubmit();
document.addEventListener("htmx:load", (event) => makeTabs(event.detail.elt));
