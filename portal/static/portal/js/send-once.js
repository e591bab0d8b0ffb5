// <form data-send-once>: its buttons rest from the moment it is sent, so that two clicks send once.
// The form's `nonce` lets the server tell a form that came twice; a page that one comes back to gets
// a new one, for what is sent from it then is meant anew.
const buttonsOf = (form) => form.querySelectorAll("button:not([type=button])");

document.addEventListener("submit", (event) => {
  if (!event.target.matches("form[data-send-once]")) return;
  for (const button of buttonsOf(event.target)) button.disabled = true;
});

addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  for (const form of document.querySelectorAll("form[data-send-once]")) {
    for (const button of buttonsOf(form)) button.disabled = false;
    if (form.elements.nonce) form.elements.nonce.value = crypto.randomUUID();
  }
});
