// <form data-autosave data-saved="Saved" data-unsaved="Not saved. Try again"> with <output data-state>.
// Saves on leaving a field and every 20 seconds while something changed. The Save button stays.
for (const form of document.querySelectorAll("form[data-autosave]")) {
  const state = form.querySelector("[data-state]");
  const clock = new Intl.DateTimeFormat(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hour12: false });
  let sent = new URLSearchParams(new FormData(form)).toString();
  let busy = false;

  const save = async () => {
    const now = new URLSearchParams(new FormData(form)).toString();
    if (busy || now === sent) return;
    busy = true;
    try {
      const answer = await fetch(form.action, {
        method: "POST",
        body: new URLSearchParams(now),
        headers: { "X-Autosave": "1", Accept: "text/html" },
      });
      // A sign-in page is an answer too, but not the one that saved.
      if (!answer.ok || (answer.redirected && !answer.url.startsWith(location.origin + location.pathname))) throw new Error();
      sent = now;
      state.textContent = `${form.dataset.saved} ${clock.format(new Date())}`;
    } catch {
      state.textContent = form.dataset.unsaved;
    }
    busy = false;
  };

  form.addEventListener("focusout", save);
  form.addEventListener("submit", () => (sent = new URLSearchParams(new FormData(form)).toString()));
  const timer = setInterval(save, 20000);
  addEventListener("pagehide", () => clearInterval(timer));
  addEventListener("beforeunload", (event) => {
    if (new URLSearchParams(new FormData(form)).toString() !== sent) event.preventDefault();
  });
}
