// A row of places that is wider than the window shows where the person is. One that is swapped
// for a newer one stays as far along as they had moved it.
const row = () => document.querySelector(".sub-nav");
const here = row()?.querySelector("[aria-current]");
if (here) {
  const [whole, part] = [row(), here].map((one) => one.getBoundingClientRect());
  row().scrollLeft += part.left - whole.left - (whole.width - part.width) / 2;
}

let along = 0;
document.addEventListener("htmx:beforeSwap", () => {
  along = row()?.scrollLeft ?? 0;
});
document.addEventListener("htmx:afterSwap", () => {
  if (row()) row().scrollLeft = along;
});
