// A form that comes back leads to the first field that is wrong; its error is read with it.
export const firstWrong = () => document.querySelector("#main [aria-invalid=true]");

export function goToWrong() {
  const field = firstWrong();
  if (!field) return;
  field.closest("details:not([open])")?.setAttribute("open", "");
  field.focus({ preventScroll: true });
  field.scrollIntoView({ block: "center" });
}

goToWrong();
