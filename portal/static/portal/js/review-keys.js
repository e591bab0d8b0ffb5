// <review-keys>: the keys of a review, before those of the player; off while one types.
// What is marked [data-key="x"] in the page is pressed by x: a link or a button is clicked, a form
// is sent, a box is ticked. The rest is here. templates/generations/_review_keys.html says it all.
import { isFree } from "./player/keys.js";

const OUTCOMES = {
  a: ["approve", "overturn"],
  r: ["reject", "uphold", "dismiss"],
  c: ["changes"],
  e: ["escalate"],
};
const WHAT_IS_NEEDED = {
  reject: "ground",
  changes: "ground",
  uphold: "reason",
  escalate: "words_inside",
};
const find = (selector) => document.querySelector(selector);

class ReviewKeys extends HTMLElement {
  connectedCallback() {
    this.leaves = new AbortController();
    const always = { capture: true, signal: this.leaves.signal };
    document.addEventListener("keydown", (event) => this.press(event), always);
    this.form = find("#decision");
    this.form?.addEventListener("keydown", (event) => this.record(event));
    for (const radio of this.radios) {
      const key = Object.keys(OUTCOMES).find((one) => OUTCOMES[one].includes(radio.value));
      if (key) this.label(radio, key);
    }
  }

  disconnectedCallback() {
    this.leaves.abort();
  }

  get radios() {
    return this.form?.querySelectorAll("[name=outcome]") ?? [];
  }

  get whyNot() {
    if (this.form) return "This is not to be decided so.";
    return find('[data-key="t"]') ? "Claim it first: T." : "This is not yours to decide.";
  }

  label(radio, key) {
    const kbd = document.createElement("kbd");
    kbd.className = "with-keys";
    kbd.textContent = key.toUpperCase();
    kbd.setAttribute("aria-hidden", "true");
    radio.setAttribute("aria-keyshortcuts", key);
    radio.closest("label").append(kbd);
  }

  press(event) {
    if (event.repeat || !isFree(event)) return;
    const key = event.key.toLowerCase();
    if (OUTCOMES[key]) this.choose(OUTCOMES[key]);
    else if (key === "n") find("frame-notes")?.pinHere();
    else if (key === "w") find("clip-compare")?.next();
    else if (!this.use(key)) return;
    event.preventDefault();
    event.stopPropagation();
  }

  use(key) {
    if (!/^[a-z]$/.test(key)) return false;
    const marked = find(`[data-key="${key}"]`);
    if (!marked) return "jkub".includes(key); // ours, though there is nothing to press just now
    if (marked.matches("form")) marked.requestSubmit();
    else marked.click();
    return true;
  }

  choose(outcomes) {
    const radio = [...this.radios].find((one) => outcomes.includes(one.value));
    if (!radio) {
      this.say(this.whyNot);
      return;
    }
    radio.checked = true;
    radio.dispatchEvent(new Event("change", { bubbles: true }));
    const words = radio.closest("label").querySelector("span")?.textContent ?? radio.value;
    const needed = this.form.elements[WHAT_IS_NEEDED[radio.value]];
    const next = needed ?? this.form.querySelector("button:not([type=button])");
    next.focus();
    next.scrollIntoView({ block: "nearest" });
    this.say(`${words} is chosen.`);
  }

  record(event) {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    this.form.requestSubmit();
  }

  say(words) {
    find("#announcer").textContent = words;
  }
}

customElements.define("review-keys", ReviewKeys);
