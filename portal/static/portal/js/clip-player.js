// <clip-player data-frame-rate="24">: frame steps, loop and a timecode around a native <video>.
// Keys, while the player has the focus: "," and "." step one frame, "l" turns the loop on and off.
// A .filmstrip in it is for the pointer: the clip stands where one presses it or draws along it.
class ClipPlayer extends HTMLElement {
  connectedCallback() {
    this.video = this.querySelector("video");
    this.tools = this.querySelector(".player-tools");
    if (!this.video || !this.tools) return;
    this.frameRate = Number(this.dataset.frameRate) || 24;
    this.timecode = this.tools.querySelector(".timecode");
    this.loopButton = this.tools.querySelector("[data-do=loop]");
    this.tools.hidden = false;
    this.tools.addEventListener("click", (event) => this.press(event));
    this.addEventListener("keydown", (event) => this.key(event));
    for (const name of ["timeupdate", "seeked", "loadedmetadata"]) {
      this.video.addEventListener(name, () => this.showTime());
    }
    this.showStrip();
    this.showTime();
  }

  showStrip() {
    this.strip = this.querySelector(".filmstrip");
    if (!this.strip) return;
    this.head = this.strip.querySelector(".filmstrip-head");
    this.strip.hidden = false;
    this.strip.addEventListener("pointerdown", (event) => {
      this.strip.setPointerCapture(event.pointerId);
      this.scrub(event);
    });
    this.strip.addEventListener("pointermove", (event) => {
      if (event.buttons & 1) this.scrub(event);
    });
  }

  scrub(event) {
    const { left, width } = this.strip.getBoundingClientRect();
    const part = Math.min(Math.max((event.clientX - left) / width, 0), 1);
    if (Number.isFinite(this.video.duration)) this.video.currentTime = part * this.video.duration;
  }

  press(event) {
    const action = event.target.closest("button")?.dataset.do;
    if (action === "back") this.step(-1);
    if (action === "forward") this.step(1);
    if (action === "loop") this.toggleLoop();
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === ",") this.step(-1);
    else if (event.key === ".") this.step(1);
    else if (event.key === "l") this.toggleLoop();
    else return;
    event.preventDefault();
  }

  step(frames) {
    this.video.pause();
    // Aim at the middle of a frame: its edge rounds to either side.
    const frame = Math.floor(this.video.currentTime * this.frameRate + 1e-6) + frames;
    const length = this.video.duration * this.frameRate;
    const last = Number.isFinite(length) ? Math.max(0, Math.floor(length) - 1) : Infinity;
    this.video.currentTime = (Math.min(Math.max(frame, 0), last) + 0.5) / this.frameRate;
  }

  toggleLoop() {
    this.video.loop = !this.video.loop;
    this.loopButton.setAttribute("aria-pressed", String(this.video.loop));
  }

  showTime() {
    const total = Math.floor(this.video.currentTime * this.frameRate + 1e-6);
    const seconds = Math.floor(total / this.frameRate);
    const pad = (number) => String(number).padStart(2, "0");
    const frames = pad(Math.floor(total % this.frameRate));
    if (this.head) this.head.style.left = `${(this.video.currentTime / this.video.duration || 0) * 100}%`;
    this.timecode.textContent = `${pad(Math.floor(seconds / 60))}:${pad(seconds % 60)}:${frames}`;
  }
}

customElements.define("clip-player", ClipPlayer);
