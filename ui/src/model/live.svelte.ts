/** What a screen reader is told without the focus moving. */
class Live {
  polite = $state("");
  urgent = $state("");

  say(words: string): void {
    // The same words twice would not be read twice: a space apart makes them new.
    this.polite = this.polite === words ? `${words} ` : words;
  }

  /** Forgets what was said: a locked window holds no words of the study, not even unseen ones. */
  silence(): void {
    this.polite = "";
    this.urgent = "";
  }

  alert(words: string): void {
    this.urgent = this.urgent === words ? `${words} ` : words;
  }
}

export const live = new Live();
