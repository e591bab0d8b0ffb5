// <clip-veil>: the picture is veiled until its checkbox is on, by CSS alone; here, the sound too.
class ClipVeil extends HTMLElement {
  connectedCallback() {
    const video = document.querySelector("clip-player")?.video;
    if (!video || !this.hasAttribute("data-mutes")) return;
    const lifted = this.querySelector("input");
    const wasMuted = video.muted;
    video.muted = !lifted.checked || wasMuted;
    lifted.addEventListener("change", () => (video.muted = !lifted.checked || wasMuted));
  }
}

customElements.define("clip-veil", ClipVeil);
