// <clip-player data-frame-rate="24000/1001" data-frames="240">: our player around a <video controls>,
// which stays what it is without script. Its parts stand in templates/generations/_player.html.
//   frame, seconds     what is shown; `frame` counts from 0, and is null where none can be counted
//   seekToFrame(frame)  seekTo(seconds)  step(frames)  play()  video
//   range              what repeats, { from, to } in seconds, or null; setRange(range)
// It dispatches "framechange" for each frame that it shows, and "rangechange"; both bubble.
import { clamp, clock, frameAt, middleOf, readRate } from "./player/frames.js";
import { listenToKeys } from "./player/keys.js";
import { Scrubber } from "./player/scrubber.js";
import { Stage } from "./player/stage.js";
import { Tools } from "./player/tools.js";

const GUESSED_RATE = 24; // for the steps through a clip whose frames cannot be counted

class ClipPlayer extends HTMLElement {
  connectedCallback() {
    if (this.video) return;
    this.leaves = new AbortController();
    this.video = this.takeVideo();
    this.stage = this.querySelector(".player-stage");
    this.countedRate = readRate(this.dataset.frameRate);
    this.rate = this.countedRate || GUESSED_RATE;
    this.shown = 0; // the time of the frame that is shown
    this.aim = null; // the time that one is on the way to
    this.range = null;
    this.repeats = false;
    this.video.controls = false;
    const { width, height } = this.querySelector("canvas");
    this.style.setProperty("--shape", width / height);
    this.tools = new Tools(this, this.querySelector(".player-tools"));
    this.scrubber = new Scrubber(this, this.querySelector(".scrubber"));
    new Stage(this, this.stage);
    listenToKeys(this);
    this.listen();
    this.followFrames();
    this.show();
  }

  disconnectedCallback() {
    this.leaves.abort();
  }

  // The video stands here, or somewhere in the page that loaded it ahead, with frames in it already.
  takeVideo() {
    const here = this.querySelector("video");
    const ahead = document.querySelector(`[data-ahead] video[src="${here.getAttribute("src")}"]`);
    if (ahead) here.replaceWith(ahead);
    return ahead ?? here;
  }

  listen() {
    const changes = ["play", "pause", "ended", "progress", "durationchange", "volumechange"];
    for (const name of changes) this.video.addEventListener(name, () => this.show());
    this.video.addEventListener("play", () => this.stayInRange());
    this.video.addEventListener("ended", () => this.repeats && this.play());
    this.video.addEventListener("seeked", () => this.arrive());
  }

  // --- What is shown ---

  get duration() {
    const frames = Number(this.dataset.frames);
    if (this.countedRate && frames) return frames / this.countedRate;
    return Number.isFinite(this.video.duration) ? this.video.duration : 0;
  }

  get seconds() {
    return this.aim === null ? this.shown : frameAt(this.aim, this.rate) / this.rate;
  }

  get frame() {
    return this.countedRate ? this.frameNow : null;
  }

  get frameNow() {
    return clamp(frameAt(this.seconds, this.rate), 0, this.lastFrame);
  }

  get lastFrame() {
    return Math.max(0, Math.round(this.duration * this.rate) - 1);
  }

  get hasBegun() {
    return this.shown > 0;
  }

  place(seconds) {
    const frame = Math.min(frameAt(seconds, this.rate), this.lastFrame);
    return this.countedRate ? `${clock(seconds)}, frame ${frame}` : clock(seconds);
  }

  followFrames() {
    if (!this.video.requestVideoFrameCallback) {
      this.video.addEventListener("timeupdate", () => this.showFrame(this.video.currentTime));
      return;
    }
    const next = (_, { mediaTime }) => {
      this.showFrame(mediaTime);
      this.video.requestVideoFrameCallback(next);
    };
    this.video.requestVideoFrameCallback(next);
  }

  showFrame(seconds) {
    this.shown = seconds;
    if (!this.video.paused && !this.video.seeking) this.stayInRange();
    this.show();
    const detail = { frame: this.countedRate ? frameAt(seconds, this.rate) : null, seconds };
    this.dispatchEvent(new CustomEvent("framechange", { bubbles: true, detail }));
  }

  show() {
    const { paused, ended } = this.video;
    this.dataset.state = ended ? "ended" : paused ? "paused" : "playing";
    this.toggleAttribute("data-begun", this.hasBegun || !paused);
    this.querySelector(".player-time").textContent = clock(this.seconds);
    this.querySelector(".player-length").textContent = clock(this.duration);
    if (this.countedRate) {
      this.querySelector(".player-frame").textContent = `frame ${this.frameNow}`;
    }
    this.tools.show();
    this.scrubber.show();
  }

  // --- Moving ---

  play() {
    this.video.play().catch(() => this.show()); // the browser will not, or it was paused meanwhile
  }

  toggle() {
    if (this.video.paused) this.play();
    else this.video.pause();
  }

  seekToFrame(frame) {
    this.goTo(middleOf(clamp(Math.round(frame), 0, this.lastFrame), this.rate));
  }

  seekTo(seconds) {
    this.seekToFrame(frameAt(seconds, this.rate));
  }

  skip(seconds) {
    this.seekTo(this.seconds + seconds);
  }

  step(frames) {
    this.video.pause();
    this.seekToFrame(this.frameNow + frames);
  }

  // One seek at a time: of those that are asked for on the way, the last is gone to on arrival.
  goTo(seconds) {
    this.aim = seconds;
    if (!this.video.seeking) this.video.currentTime = this.goal = seconds;
    this.show();
  }

  arrive() {
    if (this.aim === null) return;
    if (this.aim !== this.goal) {
      this.video.currentTime = this.goal = this.aim;
      return;
    }
    this.shown = this.seconds;
    this.aim = null;
    this.show();
  }

  // Ask for the clip anew, and go on where it was.
  load() {
    const [goesOn, seconds] = [!this.video.paused, this.seconds];
    this.video.load();
    if (seconds) this.goTo(seconds);
    if (goesOn) this.play();
  }

  // --- Repeating ---

  markIn() {
    const from = this.frameNow / this.rate;
    const to = this.range?.to ?? this.duration;
    this.setRange({ from, to: to > from ? to : this.duration });
  }

  markOut() {
    const to = (this.frameNow + 1) / this.rate;
    const from = this.range?.from ?? 0;
    this.setRange({ from: from < to ? from : 0, to });
  }

  setRange(range) {
    this.range = range;
    this.setRepeats(range !== null);
    this.dispatchEvent(new CustomEvent("rangechange", { bubbles: true, detail: range }));
  }

  setRepeats(repeats) {
    this.repeats = repeats;
    this.video.loop = repeats && !this.range;
    this.show();
  }

  // The last frame of a range has come: it is seen, and the first follows.
  stayInRange() {
    if (!this.repeats || !this.range) return;
    const first = Math.round(this.range.from * this.rate);
    const last = Math.round(this.range.to * this.rate) - 1;
    if (this.frameNow >= first && this.frameNow < last) return;
    if (first === last) this.video.pause();
    this.seekToFrame(first);
  }
}

customElements.define("clip-player", ClipPlayer);
