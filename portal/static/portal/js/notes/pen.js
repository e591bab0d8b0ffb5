import { clamp } from "../player/frames.js";

const STROKES_MAX = 60; // as generations/notes/drawing.py has it
const POINTS_MAX = 2000;
const APART = 0.004; // of the picture: points nearer to the last one are left out
const DOT = 0.001;

export const lineOf = (stroke) => {
  const [x, y] = stroke[0];
  const points = stroke.length > 1 ? stroke : [[x, y], [x + DOT, y]];
  return points.map((point) => point.join(",")).join(" ");
};

// Draws on a sheet with mouse, finger or pen. `tools` is its row of buttons, each [data-pen].
export class Pen {
  constructor(sheet, tools, { strokes, changed }) {
    this.sheet = sheet;
    this.tools = tools;
    this.strokes = strokes;
    this.changed = changed;
    this.listeners = new AbortController();
    const { signal } = this.listeners;
    const { svg } = sheet;
    svg.addEventListener("pointerdown", (event) => this.press(event), { signal });
    svg.addEventListener("pointermove", (event) => this.move(event), { signal });
    for (const name of ["pointerup", "pointercancel"]) {
      svg.addEventListener(name, (event) => this.lift(event), { signal });
    }
    tools.addEventListener("click", (event) => this.use(event), { signal });
    sheet.player.stage.append(tools);
    this.show();
  }

  use(event) {
    const does = { draw: () => this.toggle(), undo: () => this.undo(), clear: () => this.clear() };
    does[event.target.closest("button")?.dataset.pen]?.();
  }

  toggle(isDown = !this.isDown) {
    this.isDown = isDown;
    this.sheet.svg.toggleAttribute("data-drawn-on", isDown);
    this.show();
  }

  undo() {
    this.keep(this.strokes.slice(0, -1));
  }

  clear() {
    this.keep([]);
  }

  press(event) {
    if (!this.isDown || this.finger !== undefined || event.button !== 0) return;
    event.preventDefault();
    if (this.isFull) return;
    this.finger = event.pointerId;
    this.sheet.svg.setPointerCapture(event.pointerId);
    this.stroke = [this.pointAt(event)];
    this.show();
  }

  move(event) {
    if (event.pointerId !== this.finger) return;
    const all = event.getCoalescedEvents?.() ?? [];
    for (const one of all.length ? all : [event]) this.lead(this.pointAt(one));
    this.show();
  }

  lead(point) {
    const [x, y] = this.stroke.at(-1);
    const isFar = Math.hypot(point[0] - x, point[1] - y) >= APART;
    if (isFar && this.points + this.stroke.length < POINTS_MAX) this.stroke.push(point);
  }

  lift(event) {
    if (event.pointerId !== this.finger) return;
    this.finger = undefined;
    const { stroke } = this;
    this.stroke = undefined;
    this.keep([...this.strokes, stroke]);
  }

  keep(strokes) {
    this.strokes = strokes;
    this.changed(strokes);
    this.show();
  }

  get points() {
    return this.strokes.reduce((count, stroke) => count + stroke.length, 0);
  }

  get isFull() {
    return this.strokes.length >= STROKES_MAX || this.points >= POINTS_MAX;
  }

  pointAt({ clientX, clientY }) {
    const { left, top, width, height } = this.sheet.svg.getBoundingClientRect();
    const parts = [(clientX - left) / width, (clientY - top) / height];
    return parts.map((part) => Number(clamp(part, 0, 1).toFixed(4)));
  }

  show() {
    const all = this.stroke ? [...this.strokes, this.stroke] : this.strokes;
    this.sheet.show(all.map(lineOf));
    this.tools.toggleAttribute("data-full", this.isFull);
    for (const button of this.tools.querySelectorAll("button")) {
      if (button.dataset.pen === "draw") button.setAttribute("aria-pressed", String(Boolean(this.isDown)));
      else button.disabled = !this.strokes.length;
    }
  }

  remove() {
    this.toggle(false);
    this.listeners.abort();
    this.tools.remove();
  }
}
