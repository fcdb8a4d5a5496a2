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

// A dialog opens over the page; without this its link shows it in place.
export function openDialogs() {
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("a[data-dialog]");
    const closer = event.target.closest("[data-dialog-close]");
    if (opener) {
      event.preventDefault();
      document.querySelector(opener.hash)?.showModal();
    } else if (closer) {
      event.preventDefault();
      closer.closest("dialog").close();
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === " " && event.target.matches("a[data-dialog]")) {
      event.preventDefault();
      event.target.click();
    }
  });
}

// Time left, counted on by the reader's machine from the instant the page names.
function said(words, milliseconds) {
  const minutes = Math.floor(Math.abs(milliseconds) / 60000);
  const [days, hours] = [Math.floor(minutes / 1440), Math.floor(minutes / 60) % 24];
  const length = days
    ? `${days} ${words.day} ${hours} ${words.hour}`
    : hours ? `${hours} ${words.hour} ${minutes % 60} ${words.minute}` : `${minutes} ${words.minute}`;
  return `${milliseconds < 0 ? words.over : words.left} ${length}`;
}

export function keepClocks(words) {
  if (!words.left) return;
  setInterval(() => {
    for (const place of document.querySelectorAll("[data-until]")) {
      place.textContent = said(words, Date.parse(place.dataset.until) - Date.now());
    }
  }, 60000);
}
