// Keys of the office: / search, j and k rows, x select, ? help. All of it also works by Tab.
// [data-shortcuts-help] tells them; its button turns them off on this device, since a key
// that speech or a shaking hand sets off must be possible to silence.
const STORE = "shortcuts";
const help = document.querySelector("[data-shortcuts-help]");
const button = help?.querySelector("button");

const isOff = () => {
  try {
    return localStorage.getItem(STORE) === "off";
  } catch {
    return false;
  }
};
const show = () => button?.setAttribute("aria-pressed", String(!isOff()));

const isWriting = (node) => node.closest("input:not([type=checkbox],[type=radio]),select,textarea,[contenteditable]");
const rows = () => [...document.querySelectorAll("[data-rows] > *, table.cards > tbody > tr")];
const step = (by) => {
  const all = rows();
  const now = all.findIndex((row) => row.contains(document.activeElement));
  const next = all[Math.min(all.length - 1, Math.max(0, now < 0 ? 0 : now + by))];
  next?.querySelector("a,button,input")?.focus();
};
const acts = {
  "/": () => document.querySelector(".find input, [role=search] input")?.focus(),
  j: () => step(1),
  k: () => step(-1),
  x: () => document.activeElement.closest("tr, li")?.querySelector("input[type=checkbox]")?.click(),
  "?": () => {
    if (!help) return;
    help.open = !help.open;
    if (help.open) help.querySelector("summary").focus();
  },
};

addEventListener("keydown", (event) => {
  const act = acts[event.key];
  if (!act || event.ctrlKey || event.metaKey || event.altKey || isWriting(event.target) || isOff()) return;
  event.preventDefault();
  act();
});

if (help) {
  help.hidden = false;
  show();
  button.addEventListener("click", () => {
    try {
      localStorage.setItem(STORE, isOff() ? "on" : "off");
    } catch {
      // A browser that keeps nothing keeps the keys.
    }
    show();
  });
}
