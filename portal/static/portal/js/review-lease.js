// <review-lease data-renew="…" data-claim="…" data-seconds="…">: says how long a claim still holds,
// and prolongs it while its page is seen and somebody is at work on it, or watches the clip. Who
// walks away loses it in its time; what they wrote stays, and they may claim it again.
const BEAT = 60_000;
const SOON = 120_000;
const SOON_BEAT = 5_000;
const SIGNS = ["keydown", "pointerdown", "pointermove", "wheel", "input", "timeupdate"];
const listening = { capture: true, passive: true };
const OVER = "Your claim on this is over. What you wrote stays here.";

class ReviewLease extends HTMLElement {
  connectedCallback() {
    this.until = Date.now() + 1000 * Number(this.dataset.seconds);
    this.words = this.querySelector("[data-words]");
    this.again = this.querySelector("[data-again]");
    this.again.addEventListener("click", () => this.claim());
    this.lastSign = 0;
    this.lastBeat = Date.now();
    this.sign = () => this.noteSign();
    for (const name of SIGNS) document.addEventListener(name, this.sign, listening);
    document.addEventListener("visibilitychange", this.sign);
    this.clock = setInterval(() => this.tick(), 1000);
    this.tick();
  }

  disconnectedCallback() {
    clearInterval(this.clock);
    for (const name of SIGNS) document.removeEventListener(name, this.sign, listening);
    document.removeEventListener("visibilitychange", this.sign);
  }

  noteSign() {
    if (document.hidden) return;
    this.lastSign = Date.now();
  }

  get isAtWork() {
    return !document.hidden && this.lastSign >= this.lastBeat;
  }

  tick() {
    if (this.isOver) return;
    const left = this.until - Date.now();
    if (left <= 0) return this.end();
    const isSoon = left < SOON;
    const beat = isSoon ? SOON_BEAT : BEAT;
    if (this.isAtWork && Date.now() - this.lastBeat >= beat) this.renew();
    this.toggleAttribute("data-soon", isSoon);
    this.say(
      isSoon
        ? `Yours for ${Math.ceil(left / 1000)} s more. Move or type to keep it.`
        : `Yours for ${Math.ceil(left / 60_000)} min, and longer while you work.`,
    );
    if (isSoon && !this.hasWarned) this.announce("Your claim on this ends soon. Move or type to keep it.");
    this.hasWarned = isSoon;
  }

  say(words) {
    if (this.words.textContent !== words) this.words.textContent = words;
  }

  announce(words) {
    document.getElementById("announcer").textContent = words;
  }

  async post(address) {
    const token = document.querySelector("input[name=csrfmiddlewaretoken]").value;
    const headers = { "X-CSRFToken": token };
    try {
      return await fetch(address, { method: "POST", headers });
    } catch {
      return undefined; // out of reach for a moment: the next beat tries again
    }
  }

  async renew() {
    this.lastBeat = Date.now();
    const answer = await this.post(this.dataset.renew);
    if (answer?.status === 409) return this.end();
    if (!answer?.ok || answer.redirected) return;
    this.until = Date.now() + 1000 * (await answer.json()).seconds_left;
    this.isOver = false;
    this.again.hidden = true;
    this.removeAttribute("data-over");
    this.tick();
  }

  async claim() {
    const answer = await this.post(this.dataset.claim);
    if (answer?.ok) return this.renew();
    if (answer?.status === 409) this.say("Somebody else has it now, or has decided.");
  }

  end() {
    this.isOver = true;
    this.removeAttribute("data-soon");
    this.toggleAttribute("data-over", true);
    this.again.hidden = false;
    this.say(OVER);
    this.announce(OVER);
  }
}

customElements.define("review-lease", ReviewLease);
