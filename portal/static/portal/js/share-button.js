// <share-button for="id">: hands the address of a link to the apps of a phone, where it has such a way.
class ShareButton extends HTMLElement {
  connectedCallback() {
    this.hidden = !navigator.share;
    this.querySelector("button").addEventListener("click", () => this.share());
  }

  async share() {
    const { href: url } = document.getElementById(this.getAttribute("for"));
    await navigator.share({ title: this.dataset.title, url }).catch(() => {}); // thought better of it
  }
}

customElements.define("share-button", ShareButton);
