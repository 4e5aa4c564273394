// In a form with a bulk bar: one box in the table's head marks all rows of the page,
// and the bar says how many are chosen. Without script the boxes still work one by one.
for (const form of document.querySelectorAll("form[data-bulk]")) {
  const boxes = [...form.querySelectorAll(".pick input[type=checkbox]:not([data-all])")];
  const said = form.querySelector("[data-chosen]");
  const all = form.querySelector("[data-all]");
  const counts = new Intl.NumberFormat(document.documentElement.lang);

  const tell = () => {
    const chosen = boxes.filter((box) => box.checked).length;
    if (said) said.textContent = said.textContent.replace(/[\d\s\u00a0\u202f.,]*\d/, counts.format(chosen));
    if (all) {
      all.checked = chosen === boxes.length && chosen > 0;
      all.indeterminate = chosen > 0 && chosen < boxes.length;
    }
    form.toggleAttribute("data-some", chosen > 0);
  };

  all?.closest("label").removeAttribute("hidden");
  all?.addEventListener("change", () => {
    for (const box of boxes) box.checked = all.checked;
    tell();
  });
  form.addEventListener("change", (event) => {
    if (event.target !== all) tell();
  });
  // A page that the browser brings back keeps its ticks.
  addEventListener("pageshow", tell);
}
