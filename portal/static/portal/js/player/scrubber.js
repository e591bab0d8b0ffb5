import { clamp, clock } from "./frames.js";

const TILES = 12; // in a filmstrip, each from the middle of its share of the clip

// The line along which one draws: a slider that shows what is played, loaded and repeated, and a
// preview of the place under the pointer.
export class Scrubber {
  constructor(player, line) {
    this.player = player;
    this.line = line;
    this.preview = line.querySelector(".scrubber-preview");
    this.words = this.preview.querySelector("span");
    line.addEventListener("pointerdown", (event) => this.grasp(event));
    line.addEventListener("pointermove", (event) => this.move(event));
    line.addEventListener("pointerup", (event) => this.letGo(event));
    line.addEventListener("pointercancel", (event) => this.letGo(event));
    line.addEventListener("pointerleave", () => (this.preview.hidden = true));
    line.addEventListener("focus", () => this.say());
  }

  grasp(event) {
    if (event.button !== 0 || !this.player.duration) return;
    this.line.setPointerCapture(event.pointerId);
    this.isHeld = true;
    this.goesOn = !this.player.video.paused;
    this.player.video.pause();
    this.move(event);
  }

  move(event) {
    const { duration } = this.player;
    if (!duration) return;
    const { left, width } = this.line.getBoundingClientRect();
    const part = clamp((event.clientX - left) / width, 0, 1);
    this.words.textContent = this.player.place(part * duration);
    this.set("--pointed", part);
    this.set("--tile", Math.min(Math.floor(part * TILES), TILES - 1));
    this.preview.hidden = false;
    if (this.isHeld) this.player.seekTo(part * duration);
  }

  letGo(event) {
    if (!this.isHeld) return;
    this.isHeld = false;
    if (event.pointerType !== "mouse") this.preview.hidden = true;
    if (this.goesOn) this.player.play();
  }

  // A reader of the screen hears the place as one moves along the line, not as the clip plays.
  show() {
    const { duration, seconds, video, range } = this.player;
    const part = (at) => (duration ? clamp(at / duration, 0, 1) : 0);
    this.set("--played", part(seconds));
    this.set("--loaded", part(loadedFrom(video)));
    this.set("--from", part(range?.from ?? 0));
    this.set("--to", part(range?.to ?? duration));
    this.line.toggleAttribute("data-range", Boolean(range));
    if (video.paused) this.say();
  }

  say() {
    const { duration, seconds } = this.player;
    this.line.setAttribute("aria-valuemax", duration.toFixed(2));
    this.line.setAttribute("aria-valuenow", seconds.toFixed(2));
    const words = `${this.player.place(seconds)} of ${clock(duration)}`;
    this.line.setAttribute("aria-valuetext", words);
  }

  set(name, value) {
    this.line.style.setProperty(name, value);
  }
}

// Up to where the clip is there, from what is shown on.
function loadedFrom({ buffered, currentTime }) {
  for (let index = 0; index < buffered.length; index += 1) {
    const end = buffered.end(index);
    if (buffered.start(index) <= currentTime && currentTime <= end) return end;
  }
  return 0;
}
