// Filling a return on line: tells how each save goes, keeps what is being typed, walks to the next place.
const words = document.querySelector("template[data-words]")?.dataset ?? {};
const dirty = (input) =>
  input.matches("select")
    ? [...input.options].some((option) => option.selected !== option.defaultSelected)
    : "defaultValue" in input && input.value !== input.defaultValue;

function told(row, text, tone) {
  const place = row?.querySelector(".rt-saving");
  if (place) {
    place.textContent = text;
    place.className = `rt-saving rt-${tone}`;
  }
}

function footer(text, failed) {
  const line = document.querySelector("[data-saved-line]");
  if (line) {
    line.textContent = text;
    line.classList.toggle("rt-bad", failed);
  }
}

const rowOf = (element) => element.closest?.("tr.rt-line");

document.addEventListener("htmx:beforeRequest", (event) => {
  told(rowOf(event.detail.elt), words.saving ?? "", "info");
});
// A refusal is an answer too: it stands in the line, with what was typed.
document.addEventListener("htmx:beforeSwap", (event) => {
  if ([403, 409, 422].includes(event.detail.xhr.status) && rowOf(event.detail.target)) {
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  }
});
document.addEventListener("htmx:afterRequest", (event) => {
  const row = rowOf(event.detail.elt);
  if (!row) return;
  const done = event.detail.successful;
  const time = new Date().toLocaleTimeString("zh-CN", { hour12: false, timeZone: "Asia/Shanghai" });
  footer(done ? `${words.saved ?? ""} ${time}` : (words.failed ?? ""), !done);
  if (!done) told(row, words.failed ?? "", "bad");
});
for (const lost of ["htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(lost, (event) => {
    const row = rowOf(event.detail.elt);
    if (!row) return;
    told(row, words.failed ?? "", "bad");
    footer(words.failed ?? "", true);
  });
}
// An explanation that is being written is not swept away by the answer of another line.
document.addEventListener("htmx:oobBeforeSwap", (event) => {
  const inside = event.detail.target?.querySelectorAll?.("textarea, select, input:not([type=hidden])") ?? [];
  const busy = [...inside].includes(document.activeElement);
  if ([...inside].some(dirty) && busy) event.detail.shouldSwap = false;
});
// "Next" first walks through this page, then leaves for the next part.
document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-next]")) return;
  const waiting = [...document.querySelectorAll("[data-waits]")];
  const here = document.activeElement?.closest?.("tr.rt-line, tr.rt-under");
  const following = waiting.find((row) => !here || here.compareDocumentPosition(row) & 4);
  if (!following) return;
  event.preventDefault();
  following.scrollIntoView({ block: "center" });
  following.querySelector("input:not([type=hidden]), select, textarea, button")?.focus();
});
