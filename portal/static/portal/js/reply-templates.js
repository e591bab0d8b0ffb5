// <reply-templates>: a list of replies; the one that is picked fills in the form of the decision.
class ReplyTemplates extends HTMLElement {
  connectedCallback() {
    this.form = this.closest("form");
    this.list = this.querySelector("select");
    this.list.addEventListener("change", () => this.fill(this.list.selectedOptions[0].dataset));
    this.hidden = false;
  }

  fill({ outcome, ground, text }) {
    if (!text) return;
    const { elements } = this.form;
    elements.outcome.value = outcome;
    if (ground) elements.ground.value = ground;
    elements.reason.value = text;
    const gap = text.match(/\{[^{}\n]{1,40}\}/);
    elements.reason.focus();
    if (gap) elements.reason.setSelectionRange(gap.index, gap.index + gap[0].length);
  }
}

customElements.define("reply-templates", ReplyTemplates);
