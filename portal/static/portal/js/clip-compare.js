// <clip-compare>: the page's clip beside what stands in .player-other, an earlier version or a
// picture: alone, side by side, or with a wipe. Both step by the frame, and play together.
// next() is what the key W does.
import { clamp, frameAt, middleOf, readRate } from "./player/frames.js";

const DRIFT_FRAMES = 1.5; // further apart than this, the other is put right while it plays

class ClipCompare extends HTMLElement {
  connectedCallback() {
    this.player = document.querySelector("clip-player");
    if (!this.player?.stage) return;
    this.others = [...this.player.querySelectorAll(".player-other")];
    this.modes = [...this.querySelectorAll("[name=compare]")];
    this.choice = this.querySelector("select");
    this.wipe = this.player.querySelector(".player-wipe");
    for (const film of this.player.querySelectorAll(".player-other video")) film.controls = false;
    this.addEventListener("change", () => this.show());
    this.wipe.addEventListener("input", () => this.pull());
    this.followPlayer();
    this.pull();
    this.show();
  }

  get mode() {
    return this.modes.find((one) => one.checked)?.value ?? "alone";
  }

  next() {
    const at = this.modes.findIndex((one) => one.checked);
    const to = this.modes[(at + 1) % this.modes.length];
    to.checked = true;
    this.show();
    document.getElementById("announcer").textContent = to.parentElement.textContent.trim();
  }

  show() {
    const { player, mode } = this;
    this.other = mode === "alone" ? undefined : this.others[this.choice?.selectedIndex ?? 0];
    this.film = this.other?.querySelector("video");
    player.dataset.compare = mode;
    for (const one of this.others) {
      one.hidden = one !== this.other;
      if (one.hidden) one.querySelector("video")?.pause();
    }
    this.wipe.hidden = mode !== "wipe";
    this.other?.append(this.wipe); // as wide as the picture
    if (this.film) this.begin();
  }

  begin() {
    const { film, player } = this;
    if (film.preload === "none") film.preload = "auto";
    film.playbackRate = player.video.playbackRate;
    this.align();
    if (!player.video.paused) this.play();
  }

  pull() {
    this.player.style.setProperty("--wipe", this.wipe.value / 100);
    this.wipe.setAttribute("aria-valuetext", `${this.wipe.value} % of the clip`);
  }

  // --- In step ---

  followPlayer() {
    const { player } = this;
    const { video } = player;
    const does = {
      play: () => this.play(),
      pause: () => this.film?.pause(),
      ratechange: () => this.film && (this.film.playbackRate = video.playbackRate),
      seeking: () => this.align(),
    };
    for (const [name, action] of Object.entries(does)) {
      video.addEventListener(name, () => this.film && action());
    }
    player.addEventListener("framechange", () => this.film && this.align());
    for (const other of this.others) this.listenTo(other);
  }

  listenTo(other) {
    const film = other.querySelector("video");
    for (const name of ["seeked", "loadeddata", "pause"]) {
      film?.addEventListener(name, () => film === this.film && this.align());
    }
  }

  play() {
    this.film.play().catch(() => this.align()); // paused again meanwhile
  }

  // The frame of the same number; of a clip with another rate, the one of the same time.
  get aim() {
    const { player, film } = this;
    const rate = readRate(film.dataset.frameRate) || player.rate;
    const isAlike = Math.abs(rate - player.rate) < 1e-6;
    const frame = isAlike ? player.frameNow : frameAt(middleOf(player.frameNow, player.rate), rate);
    const last = Number(film.dataset.frames) || Math.round((film.duration || Infinity) * rate);
    return { frame: clamp(frame, 0, last - 1), rate };
  }

  align() {
    const { film, player } = this;
    if (film.seeking || !film.readyState) return;
    const { frame, rate } = this.aim;
    const isMoving = !player.video.paused && !player.video.seeking;
    const apart = Math.abs(film.currentTime * rate - frame - 0.5);
    if (isMoving ? apart > DRIFT_FRAMES + 0.5 : frameAt(film.currentTime, rate) !== frame) {
      film.currentTime = middleOf(frame, rate);
    }
  }
}

customElements.define("clip-compare", ClipCompare);
