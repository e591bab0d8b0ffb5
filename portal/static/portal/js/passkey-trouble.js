// Says on the page why a passkey did not work, where allauth would write to the console alone.
const WORDS = {
  NotAllowedError: "No passkey was used: it was declined, or took too long. Try again when ready.",
  InvalidStateError: "This device holds a passkey of yours already.",
  SecurityError: "Passkeys work at this portal’s own https address alone (or at localhost).",
};
const OTHERWISE = "The passkey did not work here. Try again, or use another way.";

document.addEventListener("allauth.error", (event) => {
  if (!event.detail.tags.includes("webauthn")) return;
  event.preventDefault();
  const place = document.getElementById("passkey-trouble");
  place.textContent = WORDS[event.detail.exception?.name] ?? OTHERWISE;
  place.hidden = false;
});
