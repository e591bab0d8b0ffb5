// <copy-button for="id">: copies the text of an element, or the address it links to.
class CopyButton extends HTMLElement {
  connectedCallback() {
    this.button = this.querySelector("button");
    this.words = this.querySelector("[data-words]");
    this.before = this.words.textContent;
    this.button.addEventListener("click", () => this.copy());
  }

  async copy() {
    const source = document.getElementById(this.getAttribute("for"));
    try {
      await navigator.clipboard.writeText(source.href ?? source.textContent.trim());
      this.say("Copied");
    } catch {
      getSelection().selectAllChildren(source);
      this.say("Selected: copy it from here");
    }
  }

  say(words) {
    this.words.textContent = words;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => (this.words.textContent = this.before), 2500);
  }
}

customElements.define("copy-button", CopyButton);
