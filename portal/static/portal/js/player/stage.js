const DOUBLE_TAP_MS = 250;
const IDLE_MS = 2500;
const TROUBLES = {
  2: "The clip stopped coming. Look at your connection, then try again.",
  3: "The clip came damaged, and this browser cannot show it.",
  4: "The clip cannot be reached just now, or may not be seen any more.",
};

// Where the picture stands: taps and clicks on it, and what is said there while nothing can be seen.
export class Stage {
  constructor(player, root) {
    const { video } = player;
    this.player = player;
    this.root = root;
    this.trouble = root.querySelector(".player-trouble");
    this.trouble.querySelector("button").addEventListener("click", () => this.tryAgain());
    video.addEventListener("click", (event) => this.tap(event));
    video.addEventListener("dblclick", () => this.hasMouse && player.tools.toggleFullScreen());
    video.addEventListener("waiting", () => player.toggleAttribute("data-busy", true));
    for (const name of ["playing", "canplay", "seeked", "error"]) {
      video.addEventListener(name, () => player.removeAttribute("data-busy"));
    }
    for (const name of ["playing", "seeked"]) {
      video.addEventListener(name, () => (this.hasRenewed = false));
    }
    video.addEventListener("error", () => this.stumble());
    for (const name of ["pointermove", "keydown", "focusin"]) {
      player.addEventListener(name, () => this.wake());
    }
    if (video.error) this.stumble(); // it came before us
  }

  // A mouse plays and pauses at once. A finger may come twice: at a side, to skip.
  tap(event) {
    const { player } = this;
    this.hasMouse = event.pointerType !== "touch";
    if (this.hasMouse) {
      player.toggle();
    } else if (this.waits) {
      clearTimeout(this.waits);
      this.waits = 0;
      const { left, width } = this.root.getBoundingClientRect();
      const part = (event.clientX - left) / width;
      if (part < 1 / 3) player.skip(-1);
      else if (part > 2 / 3) player.skip(1);
      else player.toggle();
    } else {
      this.waits = setTimeout(() => {
        this.waits = 0;
        player.toggle();
      }, DOUBLE_TAP_MS);
    }
  }

  // On the full screen the tools leave while the clip plays and nobody moves.
  wake() {
    clearTimeout(this.sleeps);
    this.player.removeAttribute("data-idle");
    const sleep = () => this.player.toggleAttribute("data-idle", !this.player.video.paused);
    this.sleeps = setTimeout(sleep, IDLE_MS);
  }

  // A signed address may have run out while one looked: the page's own is asked once, unseen.
  stumble() {
    const { video, hasBegun } = this.player;
    const { code } = video.error;
    if (hasBegun && !this.hasRenewed && code !== MediaError.MEDIA_ERR_DECODE) {
      this.hasRenewed = true;
      this.player.load();
      return;
    }
    this.trouble.querySelector("p").textContent = TROUBLES[code] ?? TROUBLES[4];
    this.trouble.hidden = false;
  }

  tryAgain() {
    this.trouble.hidden = true;
    this.player.tools.part("toggle").focus();
    this.player.load();
  }
}
