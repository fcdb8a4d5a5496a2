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
