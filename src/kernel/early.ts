/**
 * What a reader does to a recorded picture before its script is there: pressed buttons, moved scrub bars.
 *
 * The markup takes it already, as markup does: a scrub bar moves, a button can be pressed. When the script has taken
 * the picture over, the same is done again, so that no first touch is lost.
 */

export class Early {
  private readonly box: HTMLElement;
  private readonly pressed: HTMLElement[] = [];
  private readonly onClick = (event: Event) => {
    const button = event.target instanceof Element ? event.target.closest<HTMLElement>("button") : null;
    if (button !== null) this.pressed.push(button);
  };

  constructor(box: HTMLElement) {
    this.box = box;
    box.addEventListener("click", this.onClick);
  }

  /** Lets `takeOver` draw over the markup, then does again what was done before. */
  replay(takeOver: () => void): void {
    this.box.removeEventListener("click", this.onClick);
    const moved = [...this.box.querySelectorAll("input")]
      .filter((input) => input.value !== input.defaultValue || input.checked !== input.defaultChecked)
      .map((input) => ({ input, value: input.value, checked: input.checked }));
    takeOver();
    for (const { input, value, checked } of moved) {
      if (input.type === "range") {
        input.value = value;
        input.dispatchEvent(new Event("input", { bubbles: true }));
      } else if (checked) input.click();
    }
    for (const button of this.pressed) if (button.isConnected) button.click();
  }
}
