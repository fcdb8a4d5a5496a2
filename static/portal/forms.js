// Forms: sent once, kept when the line is lost, saved field by field, files with their progress.
// A form that changes something goes out once, however often its button is pressed.
export function guardTwice() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post" || form.hasAttribute("data-autosave")) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "1";
    form.querySelectorAll("button").forEach((button) => button.setAttribute("aria-busy", "true"));
  });
  // Back from another page: the form may go out again.
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) {
      delete form.dataset.sent;
      form.querySelectorAll("button").forEach((button) => button.removeAttribute("aria-busy"));
    }
  });
}
// Says when the connection is gone, and asks before unsaved words are left behind.
export function watchLost() {
  const hint = document.querySelector("[data-lost]");
  const show = () => { hint.hidden = navigator.onLine; };
  window.addEventListener("offline", show);
  window.addEventListener("online", show);
  document.addEventListener("htmx:sendError", () => { hint.hidden = false; });
  document.addEventListener("htmx:afterOnLoad", show);
}

export function watchUnsaved() {
  const changed = new Set();
  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (form?.method === "post" && !form.hasAttribute("data-autosave") && !event.target.dataset.autosave) changed.add(form);
  });
  document.addEventListener("submit", () => changed.clear());
  window.addEventListener("beforeunload", (event) => { if (changed.size) event.preventDefault(); });
}
// A form with data-autosave="URL" saves each field when it is left: POSTs name, value and version to URL.
// The answer is JSON {saved, message?, version?}; what was not saved stays on the page and says so.
async function save(form, input, words) {
  const place = placeFor(input);
  place.className = "ui-saved";
  place.textContent = words.saving;
  const body = new FormData();
  body.set("name", input.name);
  body.set("value", input.type === "checkbox" ? (input.checked ? "1" : "") : input.value);
  body.set("version", form.elements.version?.value ?? "");
  try {
    const token = form.elements.csrfmiddlewaretoken?.value ?? "";
    const answer = await fetch(form.dataset.autosave, { method: "POST", body, headers: { "X-CSRFToken": token, Accept: "application/json" } });
    const found = await answer.json();
    if (form.elements.version && found.version !== undefined) form.elements.version.value = found.version;
    const clock = new Date().toTimeString().slice(0, 5);
    show(place, answer.ok && found.saved, found.message || (answer.ok && found.saved ? `${words.saved} ${clock}` : words.failed));
  } catch {
    show(place, false, words.failed);
  }
}

function show(place, well, text) {
  place.className = `ui-saved ${well ? "ui-ok" : "ui-bad"}`;
  place.textContent = text;
}

function placeFor(input) {
  const found = document.getElementById(`${input.id}_saved`);
  if (found) return found;
  const made = document.createElement("span");
  made.id = `${input.id}_saved`;
  made.setAttribute("role", "status");
  input.insertAdjacentElement("afterend", made);
  return made;
}

export function autosave(words) {
  document.addEventListener("change", (event) => {
    const form = event.target.form;
    if (form?.dataset.autosave && event.target.name) save(form, event.target, words);
  });
}
// A chosen file goes up with a bar that tells how far it is. What the server answers is shown as it would be.
export function showUploads(words) {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    const box = form.querySelector("[data-drop]");
    if (event.defaultPrevented || !box?.querySelector("input[type=file]")?.files.length) return;
    event.preventDefault();
    send(form, event.submitter, box, words);
  });
}

function send(form, button, box, words) {
  const strip = box.querySelector(".ui-upload") ?? box.appendChild(document.createElement("div"));
  strip.className = "ui-upload";
  strip.setAttribute("role", "status");
  const bar = document.createElement("progress");
  bar.max = 100;
  bar.setAttribute("aria-label", words.sending);
  const told = document.createElement("span");
  told.className = "num";
  strip.replaceChildren(bar, told);
  const asked = new XMLHttpRequest();
  const failed = () => {
    delete form.dataset.sent;
    form.querySelectorAll("button").forEach((one) => one.removeAttribute("aria-busy"));
    strip.replaceChildren(words.failed);
    strip.classList.add("ui-field-error");
  };
  asked.upload.addEventListener("progress", (event) => {
    if (!event.lengthComputable) return;
    bar.value = (event.loaded / event.total) * 100;
    told.textContent = `${Math.floor(bar.value)} %`;
  });
  asked.upload.addEventListener("load", () => { told.textContent = words.reading; });
  asked.addEventListener("load", () => {
    if (!asked.getResponseHeader("Content-Type")?.startsWith("text/html")) return failed();
    const here = new URL(form.action || location.href).pathname;
    if (new URL(asked.responseURL).pathname !== here) return location.assign(asked.responseURL);
    const found = new DOMParser().parseFromString(asked.responseText, "text/html");
    document.querySelector(".desk-header")?.replaceWith(found.querySelector(".desk-header"));
    document.querySelector("main")?.replaceWith(found.querySelector("main"));
    document.dispatchEvent(new CustomEvent("htmx:load", { detail: { elt: document.querySelector("main") } }));
    document.querySelector("[data-focus]")?.focus();
  });
  asked.addEventListener("error", failed);
  asked.open("POST", form.action || location.href);
  asked.send(new FormData(form, button));
}
