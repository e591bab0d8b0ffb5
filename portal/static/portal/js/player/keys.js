import { likes } from "./likes.js";

// What each key does; templates/generations/_player_keys.html says it in words.
const DOES = {
  " ": (player) => player.toggle(),
  k: (player) => player.toggle(),
  j: (player) => player.skip(-5),
  l: (player) => player.skip(5),
  ArrowLeft: (player) => player.skip(-1),
  ArrowRight: (player) => player.skip(1),
  ",": (player) => player.step(-1),
  ".": (player) => player.step(1),
  Home: (player) => player.seekTo(0),
  End: (player) => player.seekTo(player.duration),
  i: (player) => player.markIn(),
  o: (player) => player.markOut(),
  c: (player) => player.setRange(null),
  r: (player) => player.setRepeats(!player.repeats),
  "[": (player) => player.tools.changeSpeed(-1),
  "]": (player) => player.tools.changeSpeed(1),
  "<": (player) => player.tools.changeSpeed(-1),
  ">": (player) => player.tools.changeSpeed(1),
  m: (player) => player.tools.toggleMute(),
  z: (player) => player.tools.changeSize(),
  f: (player) => player.tools.toggleFullScreen(),
  "?": (player) => player.tools.showKeys(),
};
const SCROLL = ["Home", "End"]; // what these do outside the player
const SET = "[type=range], [type=radio], [type=checkbox]"; // by arrows and space, not by letters
const TYPED_IN = `input:not(${SET}), select, textarea, [contenteditable], dialog`;
const PRESSED = "button, a, summary, label";

export function listenToKeys(player) {
  const press = (event) => {
    if (!isFor(player, event)) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (/^[0-9]$/.test(key)) player.seekTo((player.duration * Number(key)) / 10);
    else if (DOES[key]) DOES[key](player);
    else return;
    event.preventDefault();
  };
  document.addEventListener("keydown", press, { signal: player.leaves.signal });
}

// Whether a key is free for us: no command of the browser's, and not for what has the focus.
export function isFree(event) {
  const isCommand = event.ctrlKey || event.metaKey || event.altKey;
  if (event.defaultPrevented || (isCommand && !event.getModifierState("AltGraph"))) return false;
  if (event.target.closest(TYPED_IN)) return false;
  return !(event.target.closest(SET) && (event.key === " " || event.key.length > 1));
}

function isFor(player, event) {
  if (!isFree(event)) return false;
  if (event.key === " " && event.target.closest(PRESSED)) return false;
  if (player.contains(event.target)) return true;
  const isAlone = document.querySelectorAll("clip-player").length === 1;
  return isAlone && likes.keysEverywhere && !SCROLL.includes(event.key);
}
