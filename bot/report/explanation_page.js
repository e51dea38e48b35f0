const rows = [...document.querySelectorAll("tbody tr")];
const form = document.querySelector("form");
const count = document.querySelector("#count");
function filter() {
  const most = Number(form.most.value);
  form.querySelector("output").value = most + "%";
  let shown = 0;
  for (const row of rows) {
    const links = row.dataset.score === undefined || Number(row.dataset.score) <= most;
    const special = row.classList.contains("alone") || row.dataset.moved !== undefined;
    const wanted = form.code.checked || row.dataset.prose !== undefined;
    row.hidden = !(links && wanted && (!form.special.checked || special));
    if (!row.hidden) shown += 1;
  }
  count.textContent = shown + " of " + rows.length + " rows";
}
function go(step) {
  const shown = rows.filter(row => !row.hidden && !row.classList.contains("sure"));
  const here = rows.indexOf(document.activeElement.closest("tr"));
  const next = step > 0 ? shown.find(row => rows.indexOf(row) > here) : shown.findLast(row => rows.indexOf(row) < here);
  if (next) { next.querySelector("a").focus({ preventScroll: true }); next.scrollIntoView({ block: "center" }); }
}
form.addEventListener("input", filter);
form.addEventListener("submit", event => event.preventDefault());
document.addEventListener("keydown", event => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "j" || event.key === "k") { go(event.key === "j" ? 1 : -1); event.preventDefault(); }
});
form.hidden = false;
filter();
