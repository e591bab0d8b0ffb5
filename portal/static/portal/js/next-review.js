// The form of a decision is answered with the page of the next review, which takes the place of this
// one; its clip was loaded ahead. What was wrong with a decision is said in the same way.
import { firstWrong, goToWrong } from "./wrong-field.js";

const form = ({ detail }) => detail.requestConfig.elt;
const isDecision = (event) => form(event).id === "decision";

document.addEventListener("htmx:beforeSwap", (event) => {
  const { status } = event.detail.xhr;
  if (isDecision(event) && status >= 400 && status < 500) event.detail.shouldSwap = true;
});

document.addEventListener("htmx:afterSettle", (event) => {
  if (!isDecision(event)) return;
  // Once htmx has shown the top of the page: what is wrong is further down.
  if (firstWrong()) requestAnimationFrame(goToWrong);
  else document.getElementById("main").focus({ preventScroll: true });
});

// Where nothing came that could be shown, it is sent as without script: the browser says the rest.
document.addEventListener("htmx:sendError", (event) => {
  if (isDecision(event)) form(event).submit();
});
document.addEventListener("htmx:responseError", (event) => {
  if (isDecision(event) && event.detail.xhr.status >= 500) form(event).submit();
});
