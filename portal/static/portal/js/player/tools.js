import { clamp } from "./frames.js";
import { like, likes } from "./likes.js";

// The row of buttons: each is [data-do], and says what it would do now.
export class Tools {
  constructor(player, row) {
    this.player = player;
    this.video = player.video;
    this.row = row;
    this.remember();
    row.addEventListener("click", (event) => this.press(event));
    row.addEventListener("input", (event) => this.choose(event));
    const { signal } = player.leaves;
    document.addEventListener("fullscreenchange", () => this.show(), { signal });
    this.video.addEventListener("loadedmetadata", () => this.setSize());
  }

  part(name) {
    return this.row.querySelector(`[data-do="${name}"]`);
  }

  remember() {
    this.video.volume = clamp(Number(likes.volume) || 0, 0, 1);
    this.video.muted = likes.muted === true;
    this.part("speed").value = String(likes.speed);
    if (this.part("speed").selectedIndex < 0) this.part("speed").value = "1";
    this.applySpeed();
    this.part("keys-everywhere").checked = likes.keysEverywhere;
  }

  press(event) {
    const { player } = this;
    const does = {
      toggle: () => player.toggle(),
      back: () => player.step(-1),
      forward: () => player.step(1),
      in: () => player.markIn(),
      out: () => player.markOut(),
      clear: () => player.setRange(null),
      repeat: () => player.setRepeats(!player.repeats),
      mute: () => this.toggleMute(),
      full: () => this.toggleFullScreen(),
      keys: () => this.showKeys(),
    };
    does[event.target.closest("button")?.dataset.do]?.();
  }

  choose({ target }) {
    const does = {
      speed: () => this.chooseSpeed(),
      size: () => this.setSize(),
      volume: () => this.setVolume(Number(target.value)),
      "keys-everywhere": () => like({ keysEverywhere: target.checked }),
    };
    does[target.dataset.do]?.();
  }

  show() {
    const { paused, ended, muted, volume } = this.video;
    this.name("toggle", paused ? (ended ? "Play again" : "Play") : "Pause");
    this.name("mute", muted ? "Sound on" : "Mute");
    this.name("full", document.fullscreenElement ? "Leave full screen" : "Full screen");
    this.part("mute").toggleAttribute("data-off", muted);
    this.part("volume").value = muted ? 0 : volume;
    this.part("repeat").setAttribute("aria-pressed", String(this.player.repeats));
    this.part("clear").hidden = !this.player.range;
  }

  name(part, words) {
    const button = this.part(part);
    if (button.title === words) return;
    button.title = words;
    button.setAttribute("aria-label", words);
  }

  changeSpeed(by) {
    const speeds = this.part("speed");
    speeds.selectedIndex = clamp(speeds.selectedIndex + by, 0, speeds.length - 1);
    this.chooseSpeed();
  }

  chooseSpeed() {
    this.applySpeed();
    like({ speed: this.video.playbackRate });
  }

  applySpeed() {
    const speed = Number(this.part("speed").value);
    this.video.playbackRate = this.video.defaultPlaybackRate = speed;
  }

  toggleMute() {
    this.video.muted = !this.video.muted;
    like({ muted: this.video.muted });
  }

  setVolume(volume) {
    this.video.muted = volume === 0;
    if (volume) this.video.volume = volume;
    like({ muted: this.video.muted, volume: this.video.volume });
  }

  changeSize() {
    const sizes = this.part("size");
    sizes.selectedIndex = (sizes.selectedIndex + 1) % sizes.length;
    this.setSize();
  }

  // "fit": all of it; "actual": pixel for pixel; "fill": the whole window, what is over is cut off.
  setSize() {
    const { player, video } = this;
    player.dataset.size = this.part("size").value;
    player.style.setProperty("--actual-width", `${video.videoWidth / devicePixelRatio}px`);
    player.stage.tabIndex = player.dataset.size === "actual" ? 0 : -1; // where arrow keys scroll it
  }

  toggleFullScreen() {
    if (document.fullscreenElement) document.exitFullscreen();
    else if (this.player.requestFullscreen) this.player.requestFullscreen();
    else this.video.webkitEnterFullscreen?.(); // telephones that show nothing but a video so
  }

  showKeys() {
    this.row.querySelector("dialog").showModal();
  }
}
