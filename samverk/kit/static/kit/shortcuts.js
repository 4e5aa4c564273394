// Keys of the office: / search, j and k rows, x select, ? help. All of it also works by Tab.
// Off when the device says so: localStorage "shortcuts" = "off", set on the help page.
const off = () => {
  try {
    return localStorage.getItem("shortcuts") === "off";
  } catch {
    return false;
  }
};
const writing = (node) => node.closest("input:not([type=checkbox],[type=radio]),select,textarea,[contenteditable]");
const rows = () => [...document.querySelectorAll("[data-rows] > *, table.cards > tbody > tr")];
const step = (by) => {
  const all = rows();
  const now = all.findIndex((row) => row.contains(document.activeElement));
  const next = all[Math.min(all.length - 1, Math.max(0, now < 0 ? 0 : now + by))];
  next?.querySelector("a,button,input")?.focus();
};
const acts = {
  "/": () => document.querySelector("[role=search] input, .find input")?.focus(),
  j: () => step(1),
  k: () => step(-1),
  x: () => document.activeElement.closest("tr, li")?.querySelector("input[type=checkbox]")?.click(),
  "?": () => document.querySelector("[data-shortcuts-help]")?.toggleAttribute("open"),
};
addEventListener("keydown", (event) => {
  const act = acts[event.key];
  if (!act || event.ctrlKey || event.metaKey || event.altKey || writing(event.target) || off()) return;
  event.preventDefault();
  act();
});
