// Before signing out: asks when marks wait on this device, and takes the kept sheets with their names away.
import { forgetSheets, waiting } from "./outbox-store.js";

const count = async () => {
  try {
    return (await waiting()).length;
  } catch {
    return 0;
  }
};

for (const form of document.querySelectorAll("form[data-leave]")) {
  let sure = false;
  form.addEventListener("submit", async (event) => {
    if (sure) return;
    event.preventDefault();
    if ((await count()) && !confirm(form.dataset.leave)) return;
    sure = true;
    await forgetSheets(true).catch(() => {});
    form.requestSubmit(event.submitter);
  });
}
forgetSheets().catch(() => {});
