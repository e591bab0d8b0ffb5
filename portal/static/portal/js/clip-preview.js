// <clip-preview data-src="…">: a silent taste of a clip while a card or a row is pointed at, or has the focus.
const stillness = matchMedia("(prefers-reduced-motion: reduce)");
const canHover = matchMedia("(hover: hover)");

class ClipPreview extends HTMLElement {
  connectedCallback() {
    this.card = this.closest(".clip-card, .clip-row");
    if (!this.card || !this.dataset.src) return;
    this.card.addEventListener("pointerenter", () => canHover.matches && this.start());
    this.card.addEventListener("pointerleave", () => this.stop());
    this.card.addEventListener("focusin", ({ target }) => target.matches(":focus-visible") && this.start());
    this.card.addEventListener("focusout", () => this.stop());
  }

  start() {
    if (stillness.matches) return;
    this.stop();
    this.timer = setTimeout(() => this.play(), 250);
  }

  play() {
    const video = document.createElement("video");
    Object.assign(video, { muted: true, loop: true, playsInline: true, src: this.dataset.src });
    video.setAttribute("aria-hidden", "true");
    video.tabIndex = -1;
    video.addEventListener("playing", () => video.classList.add("is-playing"));
    this.before(video);
    this.video = video;
    video.play().catch(() => this.stop());
  }

  stop() {
    clearTimeout(this.timer);
    this.video?.remove();
    this.video = undefined;
  }
}

customElements.define("clip-preview", ClipPreview);
