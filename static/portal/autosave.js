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
