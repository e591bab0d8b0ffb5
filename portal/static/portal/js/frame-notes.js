// <frame-notes>: notes on frames of the page's player. Its list, [data-first] to [data-last], is
// marked on the line and jumps there; drawings lie on their frames. With a form it pins new ones,
// at the frame that is shown or the range that repeats; pinHere() is what the key N does.
import { Pen } from "./notes/pen.js";
import { Sheet } from "./notes/sheet.js";

let wasWriting = false; // when the notes were last swapped

class FrameNotes extends HTMLElement {
  connectedCallback() {
    this.player = document.querySelector("clip-player");
    if (!this.player?.stage) return;
    this.listeners = new AbortController();
    this.sheet = new Sheet(this.player);
    this.line = this.player.querySelector(".scrubber-line");
    this.items = [...this.querySelectorAll("[data-first]")].map((item) => this.read(item));
    for (const { mark } of this.items) this.line.append(mark);
    this.listen();
    this.mark();
    this.showFrame();
  }

  disconnectedCallback() {
    this.clear();
  }

  // Those that come in a swap stand in the page before these have left it.
  clear() {
    if (!this.sheet) return;
    wasWriting = Boolean(this.form);
    this.close();
    this.listeners.abort();
    this.sheet.remove();
    this.sheet = undefined;
    for (const one of this.querySelectorAll("details")) one.name = ""; // else it closes the new one
    for (const { mark } of this.items) mark.remove();
  }

  read(item) {
    const mark = document.createElement("i");
    mark.className = "scrubber-note";
    return {
      item,
      mark,
      first: Number(item.dataset.first),
      last: Number(item.dataset.last),
      lines: [...item.querySelectorAll("polyline")].map((one) => one.getAttribute("points")),
    };
  }

  listen() {
    const { signal } = this.listeners;
    const shows = () => this.showFrame();
    for (const name of ["framechange", "rangechange"]) {
      this.player.addEventListener(name, shows, { signal });
    }
    this.player.video.addEventListener("seeked", shows, { signal });
    this.player.video.addEventListener("durationchange", () => this.mark(), { signal });
    this.addEventListener("click", (event) => this.click(event), { signal });
    this.addEventListener("input", (event) => this.typed(event), { signal });
    this.addEventListener("keydown", (event) => this.press(event), { signal });
    for (const name of ["htmx:responseError", "htmx:sendError"]) {
      this.addEventListener(name, (event) => this.stumble(event.detail.xhr), { signal });
    }
    const swaps = (event) => event.detail.shouldSwap && this.clear();
    this.addEventListener("htmx:beforeSwap", swaps, { signal });
    this.addEventListener("htmx:afterSettle", () => this.comeBack(), { signal, once: true });
    this.addEventListener("toggle", (event) => this.turn(event.target), { signal, capture: true });
  }

  // --- What is pinned ---

  mark() {
    const frames = this.player.lastFrame + 1;
    for (const { mark, first, last } of this.items) {
      mark.style.setProperty("--from", first / frames);
      mark.style.setProperty("--to", (last + 1) / frames);
    }
  }

  showFrame() {
    const frame = this.player.frameNow;
    const here = this.items.filter(({ first, last }) => first <= frame && frame <= last);
    for (const one of this.items) {
      one.item.toggleAttribute("data-here", here.includes(one));
      one.mark.toggleAttribute("data-here", here.includes(one));
    }
    if (this.form) this.follow();
    else this.sheet.show(here.flatMap(({ lines }) => lines));
  }

  click(event) {
    const place = event.target.closest(".note-place");
    if (place) {
      event.preventDefault();
      const { first, last } = place.closest("[data-first]").dataset;
      this.goTo(Number(first), Number(last));
    }
    if (event.target.closest("[data-note='here']")) this.takePlace();
    if (event.target.closest("[data-note='close']")) this.leave();
  }

  goTo(first, last) {
    const { player } = this;
    player.video.pause();
    player.setRange(last > first ? { from: first / player.rate, to: (last + 1) / player.rate } : null);
    player.seekToFrame(first);
    player.scrollIntoView({ block: "nearest" });
  }

  // --- Writing ---

  pinHere() {
    const details = this.querySelector(".note-new");
    if (!details || !this.sheet) return;
    if (details.open) {
      this.takePlace();
      this.form?.elements.text.focus();
    }
    details.open = true;
    this.turn(details); // "toggle" comes later, and what is typed at once is for the note
  }

  turn(details) {
    const isWritten = details.contains(this.form ?? null);
    if (details.open && !isWritten) this.write(details, { isAnew: true });
    else if (!details.open && isWritten) this.close();
  }

  write(details, { isAnew }) {
    this.close();
    this.form = details.querySelector(".note-form");
    this.isNew = details.matches(".note-new");
    const { drawing, text } = this.form.elements;
    const strokes = JSON.parse(drawing.value || "[]");
    this.player.video.pause();
    this.player.toggleAttribute("data-noted", true);
    const tools = this.querySelector("template").content.firstElementChild.cloneNode(true);
    const changed = (now) => this.draw(now);
    this.pen = new Pen(this.sheet, tools, { strokes, changed });
    this.follows = this.isNew && isAnew && !strokes.length;
    if (this.follows) this.takePlace();
    else this.player.seekToFrame(Number(this.form.elements.first_frame.value));
    text.focus({ preventScroll: true });
    this.player.scrollIntoView({ block: "start" });
  }

  draw(strokes) {
    this.form.elements.drawing.value = JSON.stringify(strokes);
    this.follows = this.follows && !strokes.length;
  }

  typed({ target }) {
    if (target.matches("[type=number]")) this.follows = false;
  }

  follow() {
    if (this.follows && this.player.video.paused) this.takePlace();
  }

  // The range that repeats, if one is in it; else the frame that is shown.
  takePlace() {
    if (!this.form) return;
    const { range, rate, frameNow } = this.player;
    const first = range ? Math.round(range.from * rate) : frameNow;
    const last = range ? Math.round(range.to * rate) - 1 : frameNow;
    const isIn = first <= frameNow && frameNow <= last;
    this.form.elements.first_frame.value = isIn ? first : frameNow;
    this.form.elements.last_frame.value = isIn ? last : frameNow;
  }

  press(event) {
    if (!this.form?.contains(event.target)) return;
    if (event.key === "Escape") this.leave();
    else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) this.form.requestSubmit();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  // Refused, or never arrived: what was written stays.
  stumble({ responseText }) {
    const page = new DOMParser().parseFromString(responseText ?? "", "text/html");
    const trouble = this.querySelector(".notes-trouble");
    const said = page.querySelector("main .lede")?.textContent.trim();
    trouble.textContent = `${said || "The server cannot be reached."} Your words are still here.`;
    trouble.hidden = false;
  }

  leave() {
    const details = this.form?.closest("details");
    if (!details) return;
    details.open = false;
    details.querySelector("summary").focus();
  }

  close() {
    if (!this.form) return;
    this.pen.remove();
    this.form = this.pen = undefined;
    this.player.removeAttribute("data-noted");
    this.showFrame();
  }

  // After a swap: to what is wrong, or to where the next note begins.
  comeBack() {
    const wrong = this.querySelector("details[open] .note-form");
    if (wrong) this.write(wrong.closest("details"), { isAnew: false });
    const begin = wasWriting && this.querySelector(".note-new > summary");
    const next = wrong?.querySelector("[aria-invalid]") ?? begin;
    wasWriting = false;
    next?.focus();
  }
}

customElements.define("frame-notes", FrameNotes);
