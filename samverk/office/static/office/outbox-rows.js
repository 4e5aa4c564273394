// How rows look while their marks wait, and how they are swapped for what the server answers.
const roster = document.getElementById("roster");

const element = (name, attributes, ...inside) => {
  const made = Object.assign(document.createElement(name), attributes);
  made.append(...inside);
  return made;
};

const pressable = (row, value, words, variant) => {
  const button = element("button", { className: "ds-button", name: "mark", value, id: `a${row.dataset.row}` }, words);
  if (variant) button.dataset.variant = variant;
  button.append(element("span", { className: "ds-sr-only" }, `: ${row.querySelector(".name").textContent}`));
  const form = element("form", { method: "post" }, button);
  form.dataset.tap = "";
  return form;
};

export const showTap = (tap) => {
  const row = document.getElementById(`r${tap.row}`);
  if (!row) return;
  const focused = row.contains(document.activeElement);
  const words = tap.mark === "part" ? `${tap.came}–${tap.left}: ${roster.dataset.part}` : roster.dataset[tap.mark];
  const tag = element("span", { className: "tag" }, words);
  tag.dataset.kind = "wait";
  const again = tap.mark === "none" ? pressable(row, "here", roster.dataset.here.split(",")[0]) : pressable(row, "none", roster.dataset.undo, "tertiary");
  row.dataset.state = tap.mark;
  row.dataset.waits = "";
  row.querySelector(".acts").replaceChildren(tag, again);
  if (focused) again.firstChild.focus();
};

const replace = (old, html) => {
  if (!old) return;
  const fresh = new DOMParser().parseFromString(html, "text/html").body.firstElementChild;
  const focused = old.contains(document.activeElement) && document.activeElement.id;
  fresh.hidden ||= old.matches(".roster > li") && old.hidden;
  old.replaceWith(fresh);
  globalThis.htmx?.process(fresh);
  if (focused) document.getElementById(focused)?.focus();
};

export const swap = (said, stillWaiting) => {
  for (const [id, html] of Object.entries(said.rows)) if (!stillWaiting.has(id)) replace(document.getElementById(`r${id}`), html);
  for (const [id, html] of Object.entries(said.panels)) replace(document.getElementById(id), html);
  for (const one of said.refused) {
    const acts = document.querySelector(`#r${CSS.escape(one.row)} .acts`);
    const reason = element("p", { className: "ds-validation-message" }, one.reason);
    reason.setAttribute("role", "alert");
    acts?.prepend(reason);
  }
};
