// <undo-bar data-seconds="…">: counts the seconds down in which a decision may be taken back, and
// goes when they are over. The server refuses what comes too late.
class UndoBar extends HTMLElement {
  connectedCallback() {
    this.until = Date.now() + 1000 * Number(this.dataset.seconds);
    this.left = this.querySelector("[data-left]");
    this.clock = setInterval(() => this.tick(), 250);
    this.tick();
  }

  disconnectedCallback() {
    clearInterval(this.clock);
  }

  tick() {
    const seconds = Math.ceil((this.until - Date.now()) / 1000);
    if (seconds <= 0) return this.end();
    this.left.textContent = ` ${seconds} s`;
  }

  end() {
    const hadFocus = this.contains(document.activeElement);
    this.remove();
    if (hadFocus) document.getElementById("main").focus();
  }
}

customElements.define("undo-bar", UndoBar);
