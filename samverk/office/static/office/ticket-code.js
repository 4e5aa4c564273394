// The code in what a camera read or somebody typed, and its digest: the device holds no code of anybody.
const LETTERS = /^[BCDFGHJKMNPQRSTVWXZ]{12}$/;

export const codeIn = (text) => {
  let found = text.trim();
  if (found.includes("://")) found = found.match(/\/tickets\/([A-Za-z]{12})\/?(?:[?#].*)?$/)?.[1] ?? "";
  const code = found.replace(/[\s-]/g, "").toUpperCase();
  return LETTERS.test(code) ? code : "";
};

export const digestOf = async (session, code) => {
  const bytes = new TextEncoder().encode(`${session}:${code}`);
  const digest = await crypto.subtle.digest("SHA-256", bytes);
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("").slice(0, 24);
};
