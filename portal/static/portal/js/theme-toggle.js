// <theme-toggle>: a button between dark and light; the choice stays in this browser.
const root = document.documentElement;
const systemIsDark = matchMedia("(prefers-color-scheme: dark)");

const isDark = () => (root.dataset.theme ?? (systemIsDark.matches ? "dark" : "light")) === "dark";

class ThemeToggle extends HTMLElement {
  connectedCallback() {
    this.button = this.querySelector("button");
    this.button.addEventListener("click", () => this.choose(isDark() ? "light" : "dark"));
    systemIsDark.addEventListener("change", () => this.label());
    this.label();
  }

  choose(theme) {
    root.dataset.theme = theme;
    try {
      localStorage.setItem("greenroom-theme", theme);
    } catch {
      // Storage is closed: the choice lasts as long as the page.
    }
    this.label();
  }

  label() {
    this.button.setAttribute("aria-label", isDark() ? "Use the light theme" : "Use the dark theme");
  }
}

customElements.define("theme-toggle", ThemeToggle);
