// <character-count for="id_prompt" max="2000">: a text's length; its limit too, when that is near.
class CharacterCount extends HTMLElement {
  connectedCallback() {
    this.input = document.getElementById(this.getAttribute("for"));
    if (!this.input) return;
    this.max = Number(this.getAttribute("max")) || 0;
    this.input.addEventListener("input", () => this.count());
    this.count();
  }

  count() {
    // Code points, as the server counts; a line break travels as two characters but counts as one.
    const length = [...this.input.value].length;
    const isNear = this.max > 0 && length > this.max * 0.8;
    this.textContent = isNear ? `${length} of ${this.max} characters` : `${length} characters`;
    this.toggleAttribute("data-over", this.max > 0 && length > this.max);
  }
}

customElements.define("character-count", CharacterCount);
