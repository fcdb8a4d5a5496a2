// Small helps: menus that close, tabs over sections, the chosen file's name, the error summary in view.
export function openMenus() {
  const close = (except) => document.querySelectorAll("details[data-menu][open]").forEach((menu) => {
    if (menu !== except) menu.open = false;
  });
  document.addEventListener("click", (event) => close(event.target.closest("details[data-menu]")));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const menu = document.querySelector("details[data-menu][open]");
    close();
    menu?.querySelector("summary").focus();
  });
}

export function makeTabs(root) {
  for (const box of root.querySelectorAll?.("[data-tabs]:not([data-tabs-on])") ?? []) {
    const links = [...box.querySelectorAll(".ui-tabs a")];
    const pick = (chosen) => links.forEach((link) => {
      const here = link === chosen;
      if (here) link.setAttribute("aria-current", "true"); else link.removeAttribute("aria-current");
      box.querySelector(link.hash).hidden = !here;
    });
    box.setAttribute("data-tabs-on", "");
    links.forEach((link) => link.addEventListener("click", (event) => { event.preventDefault(); pick(link); }));
    if (links.length) pick(links.find((link) => link.hash === location.hash) ?? links[0]);
  }
}

export function nameFiles() {
  document.addEventListener("change", (event) => {
    const name = event.target.closest("[data-drop]")?.querySelector("[data-drop-name]");
    if (!name) return;
    name.hidden = !event.target.files.length;
    name.textContent = [...event.target.files].map((file) => file.name).join("、");
  });
  for (const [kind, over] of [["dragover", true], ["dragleave", false], ["drop", false]]) {
    document.addEventListener(kind, (event) => {
      const box = event.target.closest?.("[data-drop]");
      if (!box) return;
      if (kind !== "dragleave") event.preventDefault();
      box.classList.toggle("ui-over", over);
      if (kind !== "drop" || !event.dataTransfer.files.length) return;
      const input = box.querySelector("input[type=file]");
      input.files = event.dataTransfer.files;
      input.dispatchEvent(new Event("change", { bubbles: true }));
    });
  }
}

export function focusErrors() {
  document.querySelector("[data-focus]")?.focus();
}
