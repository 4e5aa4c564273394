// Asks every four seconds whether anything changed; only then fetches the page and puts its middle in place.
const wait = 4000;

function isWriting(part) {
  const field = document.activeElement;
  return part.contains(field) && field.matches("input:not([type=radio])") && field.value !== field.defaultValue;
}

async function look() {
  const part = document.querySelector("#live");
  try {
    const said = await fetch(part.dataset.live, { headers: { "If-None-Match": `"${part.dataset.mark}"` }, cache: "no-store" });
    if (said.status === 200 && !isWriting(part)) {
      const page = await fetch(location.href, { cache: "no-store" });
      if (page.ok) {
        const fresh = new DOMParser().parseFromString(await page.text(), "text/html").querySelector("main");
        if (fresh) document.querySelector("main").replaceWith(fresh);
      }
    }
  } catch {
    // No net just now: the next look may have it.
  }
  // A little apart for each phone, so that a room does not ask in one breath.
  setTimeout(look, wait + Math.random() * 1000);
}

setTimeout(look, wait);
