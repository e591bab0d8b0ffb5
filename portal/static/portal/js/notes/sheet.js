import { pictureBox } from "../player/picture.js";

const SVG = "http://www.w3.org/2000/svg";

const make = (name, attributes) => {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
};

// A sheet of glass on the picture: lines in a space of width and height 1, whatever its size.
export class Sheet {
  constructor(player) {
    this.player = player;
    this.svg = make("svg", { class: "sheet", viewBox: "0 0 1 1", preserveAspectRatio: "none" });
    this.svg.setAttribute("aria-hidden", "true");
    player.stage.append(this.svg);
    this.watch = new ResizeObserver(() => this.fit());
    for (const one of [player.stage, player.video]) this.watch.observe(one);
    this.onLoad = () => this.fit();
    player.video.addEventListener("loadedmetadata", this.onLoad);
  }

  fit() {
    for (const [name, value] of Object.entries(pictureBox(this.player))) {
      this.svg.style[name] = `${value}px`;
    }
  }

  // `lines` are texts as the attribute `points` of a polyline takes them.
  show(lines) {
    this.svg.replaceChildren(...lines.map((points) => make("polyline", { points })));
  }

  remove() {
    this.watch.disconnect();
    this.player.video.removeEventListener("loadedmetadata", this.onLoad);
    this.svg.remove();
  }
}
