// How one person likes to watch: kept in this browser, or as long as the page where it keeps nothing.
const KEPT = "greenroom-player";

export const likes = { volume: 1, muted: false, speed: 1, keysEverywhere: true };

try {
  Object.assign(likes, JSON.parse(localStorage.getItem(KEPT)));
} catch {
  // Storage is closed, or holds what is not ours.
}

export function like(changes) {
  Object.assign(likes, changes);
  try {
    localStorage.setItem(KEPT, JSON.stringify(likes));
  } catch {
    // Storage is closed.
  }
}
