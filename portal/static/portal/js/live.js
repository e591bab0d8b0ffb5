// What changes by itself: says it once to screen readers, and shows a clip as soon as it ends.
//   data-announce="words"     spoken when a swapped-in fragment brings words that are new
//   data-ended                a fragment of a generation that has ended
//   data-reload-when-ended    on such a fragment: the page shows something else after the end
const announcer = document.getElementById("announcer");
let spoken = "";

document.addEventListener("htmx:load", (event) => {
  const arrived = event.target;
  if (arrived === document.body) return;
  const speaker = arrived.matches("[data-announce]") ? arrived : arrived.querySelector("[data-announce]");
  const words = speaker?.dataset.announce ?? "";
  if (words && words !== spoken) announcer.textContent = spoken = words;
  if (arrived.matches("[data-ended][data-reload-when-ended]")) showFromTheTop();
});

// Reloaded, the page would keep its words in place, and the player above them out of sight.
function showFromTheTop() {
  location.replace(location.pathname + location.search);
}

// A fragment's address that leads elsewhere leads to the sign-in page: the whole page goes there.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr, pathInfo } = event.detail;
  const asked = new URL(pathInfo.finalRequestPath, location.href);
  if (new URL(xhr.responseURL).pathname === asked.pathname) return;
  event.detail.shouldSwap = false;
  location.reload();
});
