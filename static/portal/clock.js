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
