// <form data-autosave data-saved="Saved" data-unsaved="Not saved. Press Save."> with <output data-state>.
// Saves on leaving a field and every 20 seconds while something changed. The Save button stays.
// The view answers a request with the header X-Autosave by 204; anything else means it is not saved.
for (const form of document.querySelectorAll("form[data-autosave]")) {
  const state = form.querySelector("[data-state]");
  const clock = new Intl.DateTimeFormat(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hour12: false });
  const written = () => new URLSearchParams([...new FormData(form)].filter(([, value]) => typeof value === "string")).toString();
  let sent = written();
  let busy = false;

  const save = async () => {
    const now = written();
    if (busy || now === sent) return;
    busy = true;
    try {
      const answer = await fetch(form.action, {
        method: "POST",
        body: now,
        headers: { "X-Autosave": "1", "Content-Type": "application/x-www-form-urlencoded" },
        redirect: "manual",
      });
      if (answer.status !== 204) throw new Error();
      sent = now;
      state.textContent = `${form.dataset.saved} ${clock.format(new Date())}`;
    } catch {
      state.textContent = form.dataset.unsaved;
    }
    busy = false;
  };

  form.addEventListener("focusout", save);
  form.addEventListener("submit", () => (sent = written()));
  setInterval(save, 20000);
  addEventListener("beforeunload", (event) => {
    if (written() !== sent) event.preventDefault();
  });
}
