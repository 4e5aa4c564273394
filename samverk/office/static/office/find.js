// Find by typing two letters: rows whose name or organisation does not begin so are hidden. Without script the form asks the server.
const special = { ł: "l", ø: "o", đ: "d", ß: "ss", æ: "ae", œ: "oe", þ: "th", ð: "d" };
const fold = (text) =>
  text
    .toLowerCase()
    .replace(/[łøđßæœþð]/g, (letter) => special[letter])
    .normalize("NFKD")
    .replace(/\p{M}/gu, "");

for (const field of document.querySelectorAll("[data-finds]")) {
  const list = document.querySelector(field.dataset.finds);
  const none = document.getElementById("none-found");
  const find = () => {
    const asked = fold(field.value).split(/\s+/).filter(Boolean);
    let seen = 0;
    for (const row of list.querySelectorAll("[data-find]")) {
      const words = row.dataset.find.split(" ");
      row.hidden = !asked.every((start) => words.some((word) => word.startsWith(start)));
      seen += !row.hidden;
    }
    if (none) none.hidden = seen > 0;
  };
  // What the server has narrowed already cannot be widened here.
  if (list && !new URLSearchParams(location.search).get("q")) field.addEventListener("input", find);
}
