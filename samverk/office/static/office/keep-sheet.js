// Reload without network: a worker for this page alone keeps the sheet and the files it needs.
export const keepSheet = async (worker, scope = location.pathname, others = []) => {
  if (!navigator.serviceWorker) return;
  try {
    await navigator.serviceWorker.register(worker, { scope });
    const { active } = await navigator.serviceWorker.ready;
    const seen = performance.getEntriesByType("resource").map((one) => one.name);
    const files = seen.filter((name) => name.startsWith(`${location.origin}/static/`));
    active.postMessage({ page: location.href, files: [...new Set([...files, ...others.map((name) => new URL(name, location.href).href)])] });
  } catch {
    // A private window has no workers; the outbox still works while the page is open.
  }
};
