// Filling a return on line: tells how each save goes, keeps what is typed, tries again, walks to the next place.
const foot = () => document.querySelector("[data-saved-line]");
const words = () => foot()?.dataset ?? {};
const fields = "textarea, select, input:not([type=hidden])";
const dirty = (input) =>
  input.matches("select")
    ? [...input.options].some((option) => option.selected !== option.defaultSelected)
    : "defaultValue" in input && input.value !== input.defaultValue;
const rowOf = (element) => element?.closest?.("tr.rt-line, tr.rt-under, tbody.rt-row");
const isPart = (answer) => /^\s*<t(r|body)\b/.test(answer);
const clock = () => new Date().toLocaleTimeString("zh-CN", { hour12: false, timeZone: "Asia/Shanghai" });

function told(row, text, tone) {
  const place = row?.querySelector(".rt-saving");
  if (place) {
    place.textContent = text;
    place.className = `rt-saving rt-${tone}`;
  }
}

// The line at the foot stays red until every value is stored or given up.
function footer(text) {
  const line = foot();
  if (!line) return;
  const waiting = document.querySelectorAll("[data-unsaved]:is(tr)").length;
  line.classList.toggle("rt-bad", waiting > 0);
  line.querySelector("[data-retry]").hidden = lost.size === 0;
  const reason = [...lost.values()].some((one) => one.out) ? ` · ${words().out}` : "";
  line.querySelector("[data-text]").textContent = waiting ? `${waiting} ${words().unsaved}${reason}` : text;
}

// Saves that never arrived, by row: the element and event that sent them send them again.
const lost = new Map();
let patience = 0;
let timer = 0;

// One after the other, the next when the one before has arrived.
function retry() {
  clearTimeout(timer);
  timer = 0;
  for (const [id, one] of [...lost]) {
    if (document.contains(one.element)) {
      window.htmx.trigger(one.element, one.event);
      return;
    }
    lost.delete(id);
  }
}

function lose(detail, out) {
  const row = rowOf(detail.elt);
  if (!row || detail.requestConfig?.verb === "get") return;
  const kind = detail.elt.matches("button") ? "click" : detail.elt.matches("form") ? "submit" : "change";
  lost.set(row.id, { element: detail.elt, event: kind, out });
  row.dataset.unsaved = "";
  told(row, words().again ?? "", "bad");
  footer("");
  patience = Math.min(patience + 1, 6);
  if (!timer && !out) timer = setTimeout(retry, 5000 * patience);
}

window.addEventListener("online", retry);
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-retry]")) retry();
});
window.addEventListener("beforeunload", (event) => {
  const typed = document.querySelectorAll("[data-section] :is(textarea, select, input:not([type=hidden]))");
  if (document.querySelector("tr[data-unsaved]") || [...typed].some(dirty)) event.preventDefault();
});
// A plain submit sends everything there is.
document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-section]:not([hx-post])")) return;
  document.querySelectorAll("tr[data-unsaved]").forEach((row) => delete row.dataset.unsaved);
  event.target.removeAttribute("data-section");
});

document.addEventListener("htmx:beforeRequest", (event) => {
  const row = rowOf(event.detail.elt);
  told(row, words().busy ?? "", "info");
  if (row) row.dataset.sent = row.querySelector(fields)?.value ?? "";
});
// Who types on while the answer is under way keeps that, compared with what is stored by now.
function typesOn(row, answer) {
  const input = document.activeElement;
  if (!row.contains(input) || !input.matches(fields) || input.value === row.dataset.sent) return false;
  const fresh = document.createElement("template");
  fresh.innerHTML = answer;
  const seen = row.querySelector("[name^=seen-]");
  const now = fresh.content.querySelector("[name^=seen-]");
  if (seen && now) seen.value = now.value;
  told(row, "", "info");
  return true;
}
// A refusal is an answer too: it stands in the line, with what was typed. A page to sign in is none.
let asking = "";
document.addEventListener("htmx:beforeSwap", (event) => {
  asking = rowOf(event.detail.requestConfig?.elt)?.id ?? "";
  if (!rowOf(event.detail.target)) return;
  const answer = isPart(event.detail.xhr.responseText);
  event.detail.shouldSwap = answer && !typesOn(event.detail.target, event.detail.xhr.responseText);
  event.detail.isError = !answer;
});
// The button that was reached by the tab key goes with its line: on to the next field.
document.addEventListener("htmx:afterSwap", (event) => {
  if (document.activeElement !== document.body || !rowOf(event.detail.target)) return;
  const inputs = [...document.querySelectorAll(`.rt-line :is(${fields})`)];
  const line = document.getElementById(event.detail.target.id);
  inputs.find((input) => line && line.compareDocumentPosition(input) & 4 && !line.contains(input))?.focus();
});
document.addEventListener("htmx:afterRequest", (event) => {
  const { elt, xhr, target } = event.detail;
  const row = rowOf(elt) ?? rowOf(target);
  if (!row) return;
  if (event.detail.requestConfig?.verb === "get") return;
  if (!isPart(xhr?.responseText ?? "")) {
    lose(event.detail, xhr !== undefined && xhr.status > 0 && xhr.status < 500);
    return;
  }
  lost.delete(row.id);
  patience = 0;
  if (lost.size) setTimeout(retry);
  setTimeout(() => footer(`${words().saved ?? ""} ${clock()}`));
});
// What is being typed is not swept away by the answer of another line.
document.addEventListener("htmx:oobBeforeSwap", (event) => {
  if (event.detail.target?.id === asking) return;
  const inside = [...(event.detail.target?.querySelectorAll?.(fields) ?? [])];
  if (inside.some(dirty) || inside.includes(document.activeElement)) event.detail.shouldSwap = false;
});
// "Next" first walks through this page, then leaves for the next part.
document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-next]")) return;
  const waiting = [...document.querySelectorAll("[data-waits]")].map(rowOf);
  const here = rowOf(document.activeElement);
  const following = waiting.find((row) => !here || (row !== here && here.compareDocumentPosition(row) & 4));
  if (!following) return;
  event.preventDefault();
  following.scrollIntoView({ block: "center" });
  following.querySelector("input:not([type=hidden]), select, textarea, button")?.focus();
});
