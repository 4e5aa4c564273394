// From–to without asking the server: the form waits in the page.
export const showPart = (row) => {
  const acts = row.querySelector(".acts");
  const before = [...acts.childNodes];
  const form = document.getElementById("part-form").content.firstElementChild.cloneNode(true);
  for (const field of form.querySelectorAll(".ds-field")) {
    const input = field.querySelector("input");
    field.querySelector("label").htmlFor = input.id = `${input.name}${row.dataset.row}`;
  }
  const state = row.dataset.state;
  form.querySelector("[data-back]").addEventListener("click", () => {
    acts.replaceChildren(...before);
    row.dataset.state = state;
    acts.querySelector("[data-times]").focus();
  });
  acts.replaceChildren(form);
  row.dataset.state = "edit";
  form.querySelector("input").focus();
};
